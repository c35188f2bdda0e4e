package io.tidegate.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.edge.client.TrustedProxies;
import io.tidegate.fixture.Sockets;
import io.tidegate.fixture.TestOrigin;
import io.tidegate.proxy.origin.OriginLimits;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.junit5.VertxExtension;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tests how an origin's permits are shared when one client sends many slow requests. */
@Timeout(60)
@ExtendWith(VertxExtension.class)
class FairShareTest {

    private static final int PERMITS = 100;
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final OriginLimits LIMITS = new OriginLimits(LONG, LONG, LONG, Duration.ZERO, PERMITS, 1_000);

    private final BlockingQueue<HttpServerRequest> slow = new LinkedBlockingQueue<>();
    private final List<Socket> sockets = new ArrayList<>();
    private ProxyServer gateway;

    @BeforeEach
    void start(Vertx vertx) throws Exception {
        gateway = new ProxyServer(vertx);
        gateway.origin("/", request -> {
                    if (request.path().equals("/slow")) {
                        slow.add(request);
                    } else {
                        request.response().end("served");
                    }
                })
                .start(
                        origin -> TestOrigin.allowing(origin, LIMITS, LIMITS),
                        TrustedProxies.parse(List.of("127.0.0.0/8")));
    }

    @AfterEach
    void close() throws Exception {
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    @Test
    void oneAddressWithManySlowRequestsDoesNotStarveOthers() throws Exception {
        for (int i = 0; i < 3 * PERMITS; i++) {
            send("/slow", "X-Forwarded-For: 203.0.113.5");
        }
        taken(PERMITS / 2);
        for (int i = 0; i < 20; i++) {
            Socket other = send("/page", "X-Forwarded-For: 198.51.100." + i);
            assertTrue(Sockets.readUntil(other, "served").startsWith("HTTP/1.1 200 "));
        }
        Socket same = send("/page", "X-Forwarded-For: 203.0.113.5");
        same.setSoTimeout(300);
        assertFalse(hasAnswer(same), "the client has more than its share");
    }

    @Test
    void aTrustedProxyThatNamesNoClientHasAllPermits() throws Exception {
        for (int i = 0; i < PERMITS; i++) {
            send("/slow", "X-Other: a");
        }
        taken(PERMITS);
        assertEquals(0, slow.size());
    }

    private void taken(int count) throws InterruptedException {
        for (int i = 0; i < count; i++) {
            assertTrue(slow.poll(20, TimeUnit.SECONDS) != null, "only " + i + " requests reached the origin");
        }
    }

    private static boolean hasAnswer(Socket socket) throws Exception {
        try {
            return socket.getInputStream().read() >= 0;
        } catch (SocketTimeoutException none) {
            return false;
        }
    }

    private Socket send(String path, String field) throws Exception {
        Socket socket = gateway.socket();
        sockets.add(socket);
        Sockets.send(socket, "GET " + path + " HTTP/1.1\r\nHost: a\r\n" + field + "\r\n\r\n");
        return socket;
    }
}
