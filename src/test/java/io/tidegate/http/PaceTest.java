package io.tidegate.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.edge.connection.ConnectionLimits;
import io.tidegate.edge.overload.OverloadOptions;
import io.tidegate.edge.tls.TlsOptions;
import io.tidegate.fixture.RawClient;
import io.tidegate.fixture.RawClient.Answer;
import io.tidegate.fixture.TestNode;
import io.tidegate.fixture.TestSettings;
import io.tidegate.fixture.TestStream;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests slow clients, and clients that only seem slow, over sockets. */
@Timeout(120)
@SuppressWarnings("NullAway.Init") // the fields are set before all tests
@ExtendWith(VertxExtension.class)
class PaceTest {

    private static final Duration HEAD = Duration.ofSeconds(1);
    private static final Duration PAUSE = Duration.ofSeconds(2);
    private static final Duration WRITE = Duration.ofSeconds(2);
    private static final Duration IDLE = Duration.ofSeconds(2);
    private static final Duration LONGER = Duration.ofSeconds(4);
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final int MEGABYTE = 1 << 20;

    @TempDir
    private static Path data;

    private static Vertx timers;
    private static ShopNode shop;
    private static TestNode node;

    @BeforeAll
    static void start(Vertx vertx) throws Exception {
        timers = vertx;
        shop = new ShopNode(
                vertx,
                data,
                new HttpOptions(
                        "127.0.0.1",
                        0,
                        2,
                        MEGABYTE,
                        List.of(),
                        List.of(),
                        CorsOptions.DEFAULTS,
                        new ConnectionLimits(4096, 8192, 20, HEAD, PAUSE, 100, WRITE, IDLE),
                        TlsOptions.DEFAULTS),
                PaceTest::answer);
        node = shop.node();
    }

    @AfterAll
    static void stop() {
        shop.close();
    }

    /** Responds after a delay. */
    private static void answer(HttpServerRequest request) {
        if (request.canUpgradeToWebSocket()) {
            request.toWebSocket()
                    .onSuccess(socket ->
                            timers.setTimer(LONGER.toMillis(), late -> socket.writeTextMessage("still here")));
            return;
        }
        request.pause();
        timers.setTimer(LONGER.toMillis(), late -> request.resume().body().onSuccess(body -> request.response()
                .end(Buffer.buffer(Integer.toString(body.length())))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"G", "GET / HTTP/1.1\r\nHost: a\r\nX-", "GET / HTTP/1.1\r\nHost: a\r\n", "\r\n"})
    void aHeadThatDoesNotEndIsGivenUp(String begun) throws Exception {
        try (RawClient client = new RawClient(node.port())) {
            assertLate(client.send(begun).response());
            assertTrue(client.atEnd());
        }
    }

    @Test
    void aHeadThatDripsIsGivenUp() throws Exception {
        try (RawClient client = new RawClient(node.port())) {
            drip(client.send("GET / HTTP/1.1\r\nHost: a\r\nX: "), "y");
            assertLate(client.response());
        }
    }

    @Test
    void soIsOneThatFollowsAnAnsweredRequest() throws Exception {
        try (RawClient client = new RawClient(node.port())) {
            assertEquals(200, health(client));
            assertLate(client.send("GET / HT").response());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 1000\r\n\r\n{", "Transfer-Encoding: chunked\r\n\r\n3e8\r\n{"})
    void aBodyThatDripsIsGivenUp(String begun) throws Exception {
        try (RawClient client = new RawClient(node.port())) {
            drip(
                    client.send("POST /api/events HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                            + node.publisher() + "\r\n" + begun),
                    "a");
            assertLate(client.response());
            // The kernel responds with a reset to bytes that were in transit when the gateway closed the connection.
            assertEquals("", client.rest());
        }
    }

    @Test
    void aBodyThatNobodyWantsIsWaitedForNoLonger() throws Exception {
        try (RawClient client = new RawClient(node.port())) {
            client.send("POST /api/events HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n{");
            assertEquals(401, client.response().status());
            assertTrue(client.atEnd());
        }
    }

    @Test
    void aBodyThatComesSteadilyMayTakeLong() throws Exception {
        String event = "{\"topic\":\"a\",\"type\":\"t\",\"data\":\"" + "x".repeat(20_000) + "\"}";
        try (RawClient client = new RawClient(node.port())) {
            client.send("POST /api/events HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: "
                    + event.length() + "\r\n" + node.publisher() + "\r\n\r\n");
            for (int at = 0; at < event.length(); at += 1000) {
                client.send(event.substring(at, Math.min(event.length(), at + 1000)));
                LockSupport.parkNanos(HEAD.toNanos() / 8);
            }
            assertEquals(200, client.response().status());
        }
    }

    @Test
    void aConnectionThatAsksNothingIsEndedWithoutAWord() throws Exception {
        try (RawClient client = new RawClient(node.port())) {
            assertTrue(client.atEnd());
        }
        try (RawClient client = new RawClient(node.port())) {
            assertEquals(200, health(client));
            assertTrue(client.atEnd());
        }
    }

    @Test
    void aConnectionInUseStays() throws Exception {
        try (RawClient client = new RawClient(node.port())) {
            for (long end = System.nanoTime() + LONGER.toNanos(); System.nanoTime() < end; ) {
                assertEquals(200, health(client));
                LockSupport.parkNanos(HEAD.toNanos() / 4);
            }
        }
    }

    @Test
    void whatWaitsForUsIsNotHurried() throws Exception {
        try (TestStream stream = node.stream("/api/events?topics=pace");
                RawClient poll = new RawClient(node.port());
                RawClient slow = new RawClient(node.port());
                RawClient upload = new RawClient(node.port());
                RawClient socket = new RawClient(node.port())) {
            poll.send("GET /api/events?topics=none&wait=" + LONGER.toSeconds() + "&since="
                    + node.get("/api/events")
                            .headers()
                            .firstValue("Tidegate-Cursor")
                            .orElseThrow()
                    + " HTTP/1.1\r\nHost: a\r\n" + node.viewer() + "\r\n\r\n");
            slow.send("GET /shop/slow HTTP/1.1\r\nHost: a\r\n\r\n");
            socket.send(
                    """
                    GET /shop/live HTTP/1.1\r
                    Host: a\r
                    Connection: Upgrade\r
                    Upgrade: websocket\r
                    Sec-WebSocket-Version: 13\r
                    Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
                    \r
                    """);
            upload.send("POST /shop/upload HTTP/1.1\r\nHost: a\r\nContent-Length: " + 8 * MEGABYTE + "\r\n\r\n");
            upload.send("x".repeat(8 * MEGABYTE)); // this write blocks because the origin does not read
            assertEquals(101, socket.head().status());
            assertEquals("0", slow.response().body());
            assertEquals(Integer.toString(8 * MEGABYTE), upload.response().body());
            assertEquals(200, poll.response().status());
            assertEquals("still here", socket.bytes(12).substring(2));
            node.publish("pace", "tick", "1");
            assertEquals("1", stream.next().data());
        }
    }

    @Test
    void aHeadHasNoMoreLinesThanAllowed() throws Exception {
        try (RawClient client = new RawClient(node.port())) {
            assertEquals(
                    200,
                    client.send("GET /health HTTP/1.1\r\nHost: a\r\n" + "X: y\r\n".repeat(19) + "\r\n")
                            .response()
                            .status());
            assertEquals(200, health(client));
            Answer answer = client.send("GET /health HTTP/1.1\r\nHost: a\r\n" + "X: y\r\n".repeat(20) + "\r\n")
                    .response();
            assertEquals(431, answer.status());
            assertEquals("headers-too-large", answer.json().getString("code"));
        }
    }

    @Test
    void noMoreClientsAreConnectedThanAllowedAndOneThatLeavesMakesRoom(@TempDir Path elsewhere) throws Exception {
        OverloadOptions three = new OverloadOptions(90, 90, 10, 25, 3, 1000, true);
        try (TestNode small = TestNode.start(
                        TestSettings.in(elsewhere).overload(three).build());
                RawClient first = new RawClient(small.port());
                RawClient second = new RawClient(small.port())) {
            try (RawClient third = new RawClient(small.port())) {
                for (RawClient client : List.of(first, second, third)) {
                    assertEquals(200, health(client));
                }
                try (RawClient fourth = new RawClient(small.port())) {
                    assertTrue(fourth.atEnd());
                }
                assertEquals(200, health(first));
            }
            long end = System.nanoTime() + PATIENCE_NANOS;
            while (!served(small)) {
                assertTrue(System.nanoTime() < end, "the connection of the client that left is still counted");
            }
        }
    }

    private static boolean served(TestNode small) throws IOException {
        try (RawClient client = new RawClient(small.port())) {
            return health(client) == 200;
        } catch (IOException hungUp) {
            return false;
        }
    }

    private static int health(RawClient client) throws IOException {
        return client.send("GET /health HTTP/1.1\r\nHost: a\r\n\r\n").response().status();
    }

    private static void assertLate(Answer answer) {
        assertEquals(408, answer.status());
        assertEquals("request-timeout", answer.json().getString("code"));
        assertEquals("close", answer.header("Connection"));
        assertEquals("nosniff", answer.header("X-Content-Type-Options"));
    }

    /** Sends bytes slowly until there is a response. */
    private static void drip(RawClient client, String drop) throws IOException {
        for (long end = System.nanoTime() + PATIENCE_NANOS; !client.hasInput(); ) {
            assertTrue(System.nanoTime() < end, "no response");
            client.send(drop);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
        }
    }
}
