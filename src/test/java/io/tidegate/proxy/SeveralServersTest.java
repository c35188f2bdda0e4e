package io.tidegate.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.fixture.Sockets;
import io.tidegate.fixture.TestOrigin;
import io.tidegate.proxy.origin.Ejection;
import io.tidegate.proxy.origin.Health;
import io.tidegate.proxy.origin.Origin;
import io.tidegate.proxy.origin.Origin.Balance;
import io.tidegate.proxy.origin.Probes;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.junit5.VertxExtension;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tests an origin with more than one server. */
@Timeout(60)
@ExtendWith(VertxExtension.class)
class SeveralServersTest {

    private ProxyServer gateway;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @BeforeEach
    void make(Vertx vertx) {
        gateway = new ProxyServer(vertx);
    }

    @Test
    void theyTakeTurns() throws Exception {
        gateway.origin(TestOrigin.of("/", saying("a"), saying("b"))).start();
        List<String> answers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            answers.add(get().body());
        }
        assertTrue(
                answers.equals(List.of("a", "b", "a", "b")) || answers.equals(List.of("b", "a", "b", "a")),
                answers::toString);
    }

    @Test
    void theOneWithTheFewestRequestsIsNext() throws Exception {
        BlockingQueue<HttpServerRequest> held = new LinkedBlockingQueue<>();
        gateway.origin(choosing(Balance.LEAST_REQUESTS, 1, Health.NONE, gateway.server(held::add), saying("free")))
                .start();
        try (Socket waiting = gateway.socket()) {
            String free = "";
            Sockets.send(waiting, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            HttpServerRequest first = held.poll(500, TimeUnit.MILLISECONDS);
            if (first == null) {
                // The first request went to the other server.
                Sockets.readUntil(waiting, "free");
                Sockets.send(waiting, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
                first = held.poll(20, TimeUnit.SECONDS);
            }
            for (int i = 0; i < 3; i++) {
                free += get().body();
            }
            assertEquals("freefreefree", free);
            first.response().end();
        }
    }

    @Test
    void aRequestThatFoundNoConnectionGoesToAnotherServerWhateverItsMethod() throws Exception {
        gateway.origin(choosing(Balance.ROUND_ROBIN, 1, Health.NONE, closedPort(), echo()))
                .start();
        for (int i = 0; i < 4; i++) {
            assertEquals("hello", post("hello").body());
        }
        assertTrue(gateway.counts.lines().containsKey("/ retried"), gateway.counts.lines()::toString);
    }

    @Test
    void itIsTriedNoMoreOftenThanConfigured() throws Exception {
        gateway.origin(choosing(Balance.ROUND_ROBIN, 1, Health.NONE, closedPort(), closedPort(), closedPort()))
                .start();
        assertEquals(502, get().statusCode());
        assertEquals(Map.of("/ retried", 1, "/ requests unreachable", 1), gateway.counts.lines());
    }

    @Test
    void aRequestThatWasSentIsNotSentAgain() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        int hangingUp = gateway.server(request -> {
            asked.incrementAndGet();
            request.connection().close();
        });
        gateway.origin(choosing(Balance.ROUND_ROBIN, 3, Health.NONE, hangingUp, hangingUp))
                .start();
        assertEquals(502, get().statusCode());
        assertEquals(1, asked.get());
    }

    @Test
    void aServerThatFailsInARowIsPassedOverForAWhile() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        int failing = gateway.server(request -> {
            asked.incrementAndGet();
            request.connection().close();
        });
        gateway.origin(TestOrigin.choosing(
                        TestOrigin.of("/", failing, saying("well")),
                        Balance.ROUND_ROBIN,
                        1,
                        Health.NONE,
                        new Ejection(2, Duration.ofMinutes(10))))
                .start();
        for (int i = 0; i < 10; i++) {
            get();
        }
        assertEquals(2, asked.get());
        assertEquals(1, gateway.counts.lines().get("/ ejected"));
        assertEquals(Map.of("/", "DEGRADED"), gateway.origins().health());
        assertEquals(1, gateway.counts.servers("/", "up"));
        assertEquals(1, gateway.counts.servers("/", "ejected"));
        assertEquals(0, gateway.counts.servers("/", "down"));
    }

    @Test
    void whenAllFailTheyAreAskedAllTheSame() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        int failing = gateway.server(request -> {
            asked.incrementAndGet();
            request.connection().close();
        });
        gateway.origin(TestOrigin.choosing(
                        TestOrigin.of("/", failing, failing),
                        Balance.ROUND_ROBIN,
                        0,
                        Health.NONE,
                        new Ejection(1, Duration.ofMinutes(10))))
                .start();
        for (int i = 0; i < 6; i++) {
            assertEquals(502, get().statusCode());
        }
        assertEquals(6, asked.get());
        assertEquals(Map.of("/", "DOWN"), gateway.origins().health());
    }

    @Test
    void aServerThatFailsItsProbesGetsNothingUntilItPassesThem() throws Exception {
        AtomicInteger status = new AtomicInteger(200);
        int probed = gateway.server(request -> {
            boolean probe = request.path().equals("/health");
            request.response().setStatusCode(probe ? status.get() : 200).end("probed");
        });
        Health health = new Health("/health", Duration.ofMillis(100), Duration.ofSeconds(5), 2, 2);
        int other = gateway.server(request -> request.response().end("other"));
        gateway.origin(choosing(Balance.ROUND_ROBIN, 1, health, probed, other)).start();
        gateway.vertx.deployVerticle(new Probes(gateway.origins())).await(20, TimeUnit.SECONDS);
        status.set(503);
        become("DEGRADED");
        for (int i = 0; i < 4; i++) {
            assertEquals("other", get().body());
        }
        status.set(204);
        become("UP");
    }

    private void become(String expected) {
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!gateway.origins().health().equals(Map.of("/", expected))) {
            assertTrue(System.nanoTime() < deadline, "not " + expected);
            LockSupport.parkNanos(1_000_000);
        }
    }

    private static Origin choosing(Balance balance, int retries, Health health, int... ports) {
        return TestOrigin.choosing(TestOrigin.of("/", ports), balance, retries, health, Ejection.DEFAULTS);
    }

    private int saying(String text) throws Exception {
        return gateway.server(request -> request.response().end(text));
    }

    private int echo() throws Exception {
        return gateway.server(
                request -> request.body().onSuccess(body -> request.response().end(body)));
    }

    private static int closedPort() throws Exception {
        try (java.net.ServerSocket socket = new java.net.ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private HttpResponse<String> get() throws Exception {
        return client.send(HttpRequest.newBuilder(gateway.uri("/")).build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String body) throws Exception {
        return client.send(
                HttpRequest.newBuilder(gateway.uri("/"))
                        .POST(BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }
}
