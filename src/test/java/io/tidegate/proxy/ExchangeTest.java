package io.tidegate.proxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.fixture.OnEventLoop;
import io.tidegate.fixture.Sockets;
import io.tidegate.fixture.TestOrigin;
import io.tidegate.proxy.ScriptedOrigin.Behaviour;
import io.tidegate.proxy.origin.Origin;
import io.tidegate.proxy.origin.OriginLimits;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.StreamResetException;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tests every way in which an exchange can end, for each version of HTTP on the client's side and each form of a body:
 * the client sees a complete response or a failure, never a part that looks complete, and the origin executes only the
 * requests that clients sent.
 */
@Timeout(60)
@ExtendWith(VertxExtension.class)
class ExchangeTest {

    /** A body that is itself a valid request, which an origin executes if it loses track of the framing. */
    private static final String FORGED = "GET /forged HTTP/1.1\r\nHost: a\r\n\r\n";

    private static final String BROKEN = "broken";

    /** The forms of a request's body. */
    private enum Body {
        NONE,
        LENGTH,
        UNKNOWN_LENGTH,
        /** The client sends a part and closes the connection or resets the stream. */
        ABORTED
    }

    private final ScriptedOrigin origin = new ScriptedOrigin();
    private Vertx vertx;
    private ProxyServer gateway;
    private HttpClient http2;

    ExchangeTest() throws IOException {}

    @BeforeEach
    void start(Vertx vertx) throws Exception {
        this.vertx = vertx;
        gateway = new ProxyServer(vertx);
        gateway.origin("/", origin.port()).start(ExchangeTest::withOneConnection);
        http2 = vertx.createHttpClient(
                new HttpClientOptions().setProtocolVersion(HttpVersion.HTTP_2).setHttp2ClearTextUpgrade(false));
    }

    @AfterEach
    void stop() throws Exception {
        origin.close();
    }

    /** Limits the origin to one connection, so that each request is sent on the connection of the previous one. */
    private static Origin withOneConnection(Origin given) {
        Duration answer = Duration.ofMillis(300);
        OriginLimits one = TestOrigin.limits(answer, Duration.ofSeconds(60), Duration.ZERO, 1, 128);
        return TestOrigin.allowing(given, one, one);
    }

    static Stream<Arguments> exchanges() {
        return Stream.of(HttpVersion.HTTP_1_0, HttpVersion.HTTP_1_1, HttpVersion.HTTP_2)
                .flatMap(version -> Stream.of(Behaviour.values()).flatMap(behaviour -> Stream.of(Body.values())
                        .filter(body -> version != HttpVersion.HTTP_1_0 || body != Body.UNKNOWN_LENGTH)
                        .map(body -> Arguments.of(version, behaviour, body))));
    }

    @ParameterizedTest
    @MethodSource("exchanges")
    void theClientSeesTheEndAndTheConnectionIsCleanAfterwards(HttpVersion version, Behaviour behaviour, Body body)
            throws Exception {
        for (int i = 0; i < 3; i++) {
            String path = "/" + behaviour + "/" + i;
            String seen = version == HttpVersion.HTTP_2 ? http2(path, body) : http1(version, path, body);
            assertEquals(expected(behaviour, body, path), seen);
            assertEquals("/probe/" + i, http1(HttpVersion.HTTP_1_1, "/probe/" + i, Body.NONE));
        }
        assertFalse(
                origin.heads().stream().anyMatch(head -> head.contains("forged")), "executed the body of a request");
    }

    private static String expected(Behaviour behaviour, Body body, String path) {
        if (body == Body.ABORTED) {
            return "";
        } else if (behaviour == Behaviour.SILENT_CLOSE) {
            return "502";
        } else if (behaviour == Behaviour.STALL) {
            return "504";
        } else if (!behaviour.isComplete()) {
            return BROKEN;
        }
        if (behaviour == Behaviour.BODY_OF_204) {
            return "204";
        }
        if (behaviour == Behaviour.LARGE_HTTP_1_0 || behaviour == Behaviour.LARGE_UNTIL_CLOSE) {
            return "\0".repeat(ScriptedOrigin.LARGE);
        }
        return behaviour == Behaviour.WHOLE ? path : ScriptedOrigin.BODY;
    }

    /** Returns the body of a complete response with status 200, any other status, or {@link #BROKEN}. */
    private String http1(HttpVersion version, String path, Body body) throws IOException {
        try (Socket socket = gateway.socket()) {
            String fields = " HTTP/" + (version == HttpVersion.HTTP_1_0 ? "1.0" : "1.1") + "\r\nHost: a\r\n";
            Sockets.send(
                    socket,
                    switch (body) {
                        case NONE -> "GET " + path + fields + "Connection: close\r\n\r\n";
                        case LENGTH ->
                            "POST " + path + fields + "Connection: close\r\nContent-Length: " + FORGED.length()
                                    + "\r\n\r\n" + FORGED;
                        case UNKNOWN_LENGTH ->
                            "POST " + path + fields + "Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
                                    + Integer.toHexString(FORGED.length()) + "\r\n" + FORGED + "\r\n0\r\n\r\n";
                        case ABORTED -> "POST " + path + fields + "Content-Length: 1000\r\n\r\n" + FORGED;
                    });
            if (body == Body.ABORTED) {
                return "";
            }
            return outcome(new String(socket.getInputStream().readAllBytes(), ISO_8859_1));
        } catch (SocketException reset) {
            return BROKEN;
        }
    }

    private static String outcome(String response) {
        int end = response.indexOf("\r\n\r\n");
        if (end < 0) {
            return BROKEN;
        }
        String head = response.substring(0, end).toLowerCase(Locale.ROOT);
        String content = response.substring(end + 4);
        String status = head.split(" ", -1)[1];
        int length = head.indexOf("content-length: ");
        boolean complete = true;
        if (length >= 0) {
            complete = content.length()
                    == Integer.parseInt(head.substring(length + 16).split("\r", -1)[0]);
        } else if (head.contains("transfer-encoding: chunked")) {
            complete = content.endsWith("\r\n0\r\n\r\n");
            content = complete ? joined(content) : content;
        }
        return !complete ? BROKEN : status.equals("200") ? content : status;
    }

    /** Returns the content of the chunks of a complete body. */
    private static String joined(String chunks) {
        StringBuilder content = new StringBuilder();
        int at = 0;
        while (at >= 0) {
            int end = chunks.indexOf("\r\n", at);
            int size = Integer.parseInt(chunks.substring(at, end), 16);
            content.append(chunks, end + 2, end + 2 + size);
            at = size == 0 ? -1 : end + size + 4;
        }
        return content.toString();
    }

    private String http2(String path, Body body) throws Exception {
        HttpMethod method = body == Body.NONE ? HttpMethod.GET : HttpMethod.POST;
        HttpClientRequest request =
                http2.request(method, gateway.port(), "127.0.0.1", path).await(10, TimeUnit.SECONDS);
        Future<String> outcome = request.response().compose(response -> whole(response));
        switch (body) {
            case NONE -> request.end();
            case LENGTH ->
                request.putHeader("Content-Length", "" + FORGED.length()).end(Buffer.buffer(FORGED));
            case UNKNOWN_LENGTH -> {
                request.setChunked(true).write(Buffer.buffer(FORGED));
                request.end();
            }
            case ABORTED -> {
                request.setChunked(true).write(Buffer.buffer(FORGED)).await(10, TimeUnit.SECONDS);
                request.reset(8);
                return "";
            }
        }
        try {
            return outcome.await(10, TimeUnit.SECONDS);
        } catch (StreamResetException broken) {
            assertEquals(2, broken.getCode(), "INTERNAL_ERROR (RFC 9113 7): clients take NO_ERROR for an end");
            return BROKEN;
        }
    }

    private static Future<String> whole(HttpClientResponse response) {
        return response.body()
                .map(content -> response.statusCode() == 200 ? content.toString() : "" + response.statusCode());
    }

    @Test
    void completeExchangesShareOneConnection() throws Exception {
        for (int i = 0; i < 50; i++) {
            assertEquals("/a/" + i, http1(HttpVersion.HTTP_1_1, "/a/" + i, i % 2 == 0 ? Body.NONE : Body.LENGTH));
            assertEquals("/b/" + i, http2("/b/" + i, i % 2 == 0 ? Body.NONE : Body.UNKNOWN_LENGTH));
        }
        assertEquals(1, origin.connections());
    }

    @Test
    void anHttp2RequestWithoutABodyHasNoneAtTheOrigin() throws Exception {
        for (HttpMethod method : List.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.DELETE, HttpMethod.OPTIONS)) {
            request(method, "/method/" + method).await(10, TimeUnit.SECONDS);
            String head = last().toLowerCase(Locale.ROOT);
            assertFalse(head.contains("transfer-encoding") || head.contains("content-length"), head);
        }
        for (HttpMethod method : List.of(HttpMethod.POST, HttpMethod.PUT, HttpMethod.PATCH)) {
            request(method, "/method/" + method).await(10, TimeUnit.SECONDS);
            String head = last().toLowerCase(Locale.ROOT);
            assertTrue(head.contains("content-length: 0") && !head.contains("transfer-encoding"), head);
        }
    }

    @Test
    void anHttp2ClientMayWaitForTheHeadBeforeItSendsItsBody() throws Exception {
        HttpClientRequest request = http2.request(HttpMethod.POST, gateway.port(), "127.0.0.1", "/EARLY/wait")
                .await(10, TimeUnit.SECONDS);
        request.setChunked(true).writeHead().await(10, TimeUnit.SECONDS);
        assertEquals(200, request.response().await(10, TimeUnit.SECONDS).statusCode());
        request.end(Buffer.buffer("late"));
    }

    private Future<String> request(HttpMethod method, String path) {
        return OnEventLoop.run(vertx, () -> http2.request(method, gateway.port(), "127.0.0.1", path)
                .compose(HttpClientRequest::send)
                .compose(ExchangeTest::whole));
    }

    private String last() {
        return origin.heads().get(origin.heads().size() - 1);
    }

    @Test
    void aResponseThatHasArrivedIsRelayedAlthoughTheUploadFails() throws Exception {
        byte[] large = new byte[3 << 20];
        for (int i = 0; i < 20; i++) {
            try (Socket socket = gateway.socket()) {
                Sockets.send(
                        socket,
                        "PUT /EARLY_CLOSE/" + i + " HTTP/1.1\r\nHost: a\r\nContent-Length: " + large.length
                                + "\r\n\r\n");
                socket.getOutputStream().write(large);
                assertTrue(Sockets.readUntil(socket, "\r\n\r\n").startsWith("HTTP/1.1 200 "));
            }
        }
    }

    @Test
    void aSafeRequestIsSentOnceMoreWhenItsConnectionWasJustClosed() throws Exception {
        for (int i = 0; i < 10; i++) {
            assertEquals("/idle/" + i, http1(HttpVersion.HTTP_1_1, "/idle/" + i, Body.NONE));
            // The origin accepts the next request on the connection and closes it without responding, but only once.
            origin.closeNext();
            assertEquals("/again/" + i, http1(HttpVersion.HTTP_1_1, "/again/" + i, Body.NONE));
            origin.closeNext();
            assertEquals("502", http1(HttpVersion.HTTP_1_1, "/post/" + i, Body.LENGTH), "not safe, so not repeated");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"TOO_MUCH", "REMAINDER", "BODY_OF_204"})
    void bytesAfterAResponseAreNotTheResponseToAnotherRequest(Behaviour behaviour) throws Exception {
        for (int i = 0; i < 20; i++) {
            String path = "/after/" + i;
            String more = "/" + behaviour + "/" + i;
            try (Socket queued = gateway.socket()) {
                Future<String> first = request(HttpMethod.GET, more);
                Sockets.send(
                        queued,
                        "POST " + path + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx");
                assertEquals(expected(behaviour, Body.NONE, more), first.await(10, TimeUnit.SECONDS));
                assertEquals(path, outcome(new String(queued.getInputStream().readAllBytes(), ISO_8859_1)));
            }
            assertEquals(expected(behaviour, Body.NONE, more), http1(HttpVersion.HTTP_1_1, more, Body.NONE));
            assertEquals(path, http1(HttpVersion.HTTP_1_1, path, Body.LENGTH), "not safe, so not repeated");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"LARGE_HTTP_1_0", "LARGE_UNTIL_CLOSE"})
    void aSlowReaderGetsTheWholeResponseOfAnOriginThatClosesItsConnection(Behaviour behaviour) throws Exception {
        HttpClientResponse response = OnEventLoop.run(
                        vertx, () -> http2.request(HttpMethod.GET, gateway.port(), "127.0.0.1", "/" + behaviour + "/1")
                                .compose(HttpClientRequest::send)
                                .map(HttpClientResponse::pause))
                .await(10, TimeUnit.SECONDS);
        Promise<Integer> received = Promise.promise();
        AtomicInteger bytes = new AtomicInteger();
        response.handler(chunk -> {
                    bytes.addAndGet(chunk.length());
                    response.pause();
                    vertx.setTimer(5, later -> response.resume());
                })
                .endHandler(end -> received.complete(bytes.get()))
                .exceptionHandler(received::tryFail);
        vertx.setTimer(500, later -> response.resume());
        assertEquals(ScriptedOrigin.LARGE, received.future().await(30, TimeUnit.SECONDS));
    }

    @Test
    void connectIsRefusedAndNotForwarded() throws Exception {
        String answer = gateway.raw("CONNECT /a HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        assertTrue(answer.startsWith("HTTP/1.1 501 "), answer);
        assertEquals(List.of(), origin.heads());
    }

    @Test
    void aRequestThatFailsOnANewConnectionIsNotRepeated() throws Exception {
        assertEquals("502", http1(HttpVersion.HTTP_1_1, "/SILENT_CLOSE/1", Body.NONE));
        assertEquals(1, origin.heads().size());
    }
}
