package io.tidegate.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.fixture.Sockets;
import io.tidegate.fixture.TestOrigin;
import io.tidegate.proxy.origin.Origin;
import io.tidegate.proxy.origin.OriginLimits;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tests the limits on the number and the duration of requests to an origin. */
@Timeout(60)
@ExtendWith(VertxExtension.class)
class LimitsTest {

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Duration BRIEF = Duration.ofMillis(200);
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String STREAM = "GET / HTTP/1.1\r\nHost: a\r\nAccept: text/event-stream\r\n\r\n";

    private ProxyServer gateway;
    private final BlockingQueue<HttpServerRequest> asked = new LinkedBlockingQueue<>();

    @BeforeEach
    void make(Vertx vertx) {
        gateway = new ProxyServer(vertx);
    }

    @Test
    void whoFindsNoPlaceWaitsAndWhoFindsNoneToWaitInIsRefused() throws Exception {
        gateway.origin("/", asked::add)
                .origin("/other", request -> request.response().end("other"))
                .start(withPermits(1, 1));
        try (Socket first = gateway.socket();
                Socket second = gateway.socket();
                Socket third = gateway.socket()) {
            Sockets.send(first, GET);
            HttpServerRequest served = next();
            Sockets.send(second, GET);
            awaitProcessed();
            Sockets.send(third, GET);
            String refusal = Sockets.readUntil(third, "}");
            assertTrue(refusal.startsWith("HTTP/1.1 503 "), refusal);
            assertTrue(refusal.contains("\"code\":\"origin-busy\""), refusal);
            served.response().end("first");
            Sockets.readUntil(first, "first");
            next().response().end("waited");
            Sockets.readUntil(second, "waited");
        }
        assertTrue(gateway.counts.lines().containsKey("/ requests busy"), gateway.counts.lines()::toString);
    }

    @Test
    void whoFindsNoPlaceInTimeIsRefused() throws Exception {
        OriginLimits one = new OriginLimits(BRIEF, LONG, LONG, Duration.ZERO, 1, 1);
        gateway.origin("/", asked::add).start(origin -> TestOrigin.allowing(origin, one, one));
        try (Socket first = gateway.socket();
                Socket second = gateway.socket()) {
            Sockets.send(first, GET);
            HttpServerRequest served = next();
            Sockets.send(second, GET);
            String refusal = Sockets.readUntil(second, "}");
            assertTrue(refusal.contains("\"code\":\"origin-busy\""), refusal);
            served.response().end("first");
            Sockets.readUntil(first, "first");
            Sockets.send(second, GET);
            next().response().end("second");
            Sockets.readUntil(second, "second");
        }
    }

    @Test
    void whoGoesWhileWaitingGivesItsPlaceUp() throws Exception {
        gateway.origin("/", asked::add)
                .origin("/other", request -> request.response().end("other"))
                .start(withPermits(1, 1));
        try (Socket first = gateway.socket();
                Socket third = gateway.socket()) {
            Sockets.send(first, GET);
            HttpServerRequest served = next();
            try (Socket second = gateway.socket()) {
                Sockets.send(second, GET);
                awaitProcessed();
            }
            gateway.counted("/ requests abandoned");
            Sockets.send(third, GET);
            awaitProcessed();
            served.response().end("first");
            Sockets.readUntil(first, "first");
            next().response().end("third");
            Sockets.readUntil(third, "third");
        }
    }

    @Test
    void streamsDoNotTakeThePlacesOfRequests() throws Exception {
        gateway.origin("/", asked::add).start(withPermits(1, 0));
        try (Socket stream = gateway.socket();
                Socket request = gateway.socket();
                Socket another = gateway.socket()) {
            Sockets.send(stream, STREAM);
            next();
            Sockets.send(request, GET);
            next().response().end("answered");
            Sockets.readUntil(request, "answered");
            Sockets.send(another, STREAM);
            assertTrue(Sockets.readUntil(another, "}").startsWith("HTTP/1.1 503 "));
        }
    }

    @Test
    void anAnswerThatStandsStillIsCutOff() throws Exception {
        gateway.origin("/", LimitsTest::begin).start(withTimeouts(LONG, BRIEF, Duration.ZERO, LONG));
        try (Socket socket = gateway.socket()) {
            Sockets.send(socket, GET);
            Sockets.readUntil(socket, "begun\r\n");
            assertEquals(-1, socket.getInputStream().read());
        }
        gateway.counted("/ requests broken");
    }

    @Test
    void aStreamMayBeSilentForLongerThanAnAnswer() throws Exception {
        gateway.origin("/", request -> {
                    request.response().putHeader("Content-Type", "text/event-stream");
                    begin(request);
                    gateway.vertx.setTimer(600, later -> request.response().end("ended"));
                })
                .start(withTimeouts(LONG, BRIEF, Duration.ZERO, LONG));
        try (Socket socket = gateway.socket()) {
            Sockets.send(socket, GET);
            Sockets.readUntil(socket, "ended");
        }
    }

    @Test
    void aStreamThatStandsStillForTooLongIsCutOff() throws Exception {
        gateway.origin("/", request -> {
                    request.response().putHeader("Content-Type", "text/event-stream");
                    begin(request);
                })
                .start(withTimeouts(LONG, LONG, Duration.ZERO, BRIEF));
        try (Socket socket = gateway.socket()) {
            Sockets.send(socket, STREAM);
            Sockets.readUntil(socket, "begun\r\n");
            assertEquals(-1, socket.getInputStream().read());
        }
    }

    @Test
    void anAnswerThatGoesOnForTooLongIsCutOff() throws Exception {
        gateway.origin("/", request -> {
                    begin(request);
                    gateway.vertx.setPeriodic(20, tick -> {
                        if (!request.response().closed()) {
                            request.response().write("more");
                        }
                    });
                })
                .start(withTimeouts(LONG, LONG, BRIEF, LONG));
        try (Socket socket = gateway.socket()) {
            Sockets.send(socket, GET);
            assertTrue(socket.getInputStream().skip(Long.MAX_VALUE) > 0);
        }
        gateway.counted("/ requests broken");
    }

    private static void begin(HttpServerRequest request) {
        HttpServerResponse response = request.response().setChunked(true);
        response.write("begun");
    }

    private HttpServerRequest next() throws InterruptedException {
        HttpServerRequest request = asked.poll(20, TimeUnit.SECONDS);
        if (request == null) {
            throw new AssertionError("nothing reached the origin");
        }
        return request;
    }

    /** Waits until the gateway, which has one event loop, has processed all bytes that were sent before. */
    private void awaitProcessed() throws IOException {
        gateway.raw("GET /other HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    }

    private static UnaryOperator<Origin> withPermits(int connections, int waiting) {
        OriginLimits few = TestOrigin.limits(LONG, LONG, Duration.ZERO, connections, waiting);
        return origin -> TestOrigin.allowing(origin, few, few);
    }

    private static UnaryOperator<Origin> withTimeouts(
            Duration answer, Duration idle, Duration maxAge, Duration streamIdle) {
        return origin -> TestOrigin.allowing(
                origin,
                TestOrigin.limits(answer, idle, maxAge, 8, 8),
                TestOrigin.limits(answer, streamIdle, Duration.ZERO, 8, 8));
    }
}
