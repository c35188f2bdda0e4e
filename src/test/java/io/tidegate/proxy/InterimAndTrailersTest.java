package io.tidegate.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.edge.client.TrustedProxies;
import io.tidegate.fixture.Sockets;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.net.Socket;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tests interim responses, and the trailers of requests and responses. */
@Timeout(60)
@ExtendWith(VertxExtension.class)
class InterimAndTrailersTest {

    private static final String POST =
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTrailer: Digest\r\n\r\n4\r\nbody\r\n0\r\n";
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private ProxyServer gateway;
    private final CompletableFuture<String> asked = new CompletableFuture<>();

    @BeforeEach
    void make(Vertx vertx) {
        gateway = new ProxyServer(vertx);
    }

    @Test
    void anInterimAnswerThatNobodyKnowsIsDiscarded() throws Exception {
        origin("\r\n\r\n", "HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 199 Soon\r\nX: 1\r\n\r\n" + OK);
        for (int i = 0; i < 2; i++) {
            String answer = gateway.raw("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
            assertTrue(answer.startsWith("HTTP/1.1 200 OK\r\n"), answer);
            assertTrue(answer.endsWith("\r\n\r\nok"), answer);
        }
    }

    @Test
    void tooManyOfThemAreNoAnswer() throws Exception {
        origin("\r\n\r\n", "HTTP/1.1 102 Processing\r\n\r\n".repeat(20) + OK);
        String answer = gateway.raw("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        assertTrue(answer.startsWith("HTTP/1.1 502 "), answer);
    }

    @Test
    void trailersOfARequestArrive() throws Exception {
        origin("\r\n0\r\n", OK);
        try (Socket socket = gateway.socket()) {
            Sockets.send(socket, POST + "Digest: sha-256=x\r\nX-More: 1\r\n\r\n");
            Sockets.readUntil(socket, "ok");
        }
        String request = asked.get(10, TimeUnit.SECONDS);
        assertTrue(request.contains("\r\ntransfer-encoding: chunked\r\n"), request);
        assertTrue(request.toLowerCase(Locale.ROOT).contains("\r\ntrailer: digest\r\n"), request);
        assertTrue(request.endsWith("\r\n4\r\nbody\r\n0\r\nDigest: sha-256=x\r\nX-More: 1\r\n\r\n"), request);
    }

    @Test
    void whatIsDecidedBeforeABodyNeverFollowsIt() throws Exception {
        origin("\r\n0\r\n", OK);
        try (Socket socket = gateway.socket()) {
            Sockets.send(
                    socket,
                    POST
                            + "Host: b\r\nAuthorization: Bearer x\r\nCookie: a=1\r\nConnection: close\r\nTE: gzip\r\n"
                            + "X-Forwarded-For: 6.6.6.6\r\nx_forwarded_for: 6.6.6.6\r\nForwarded: for=6.6.6.6\r\n"
                            + "Remote-User: eve\r\nremote_user: eve\r\nIf-Match: x\r\nContent-Type: a/b\r\nGrip-Sig: x\r\nX-Stays: 1\r\n\r\n");
            Sockets.readUntil(socket, "ok");
        }
        String request = asked.get(10, TimeUnit.SECONDS);
        assertTrue(request.endsWith("\r\n0\r\nX-Stays: 1\r\n\r\n"), request);
    }

    @Test
    void trailersAreOfTheirOwnRequestAlone() throws Exception {
        origin("\r\n0\r\n", OK);
        try (Socket socket = gateway.socket()) {
            Sockets.send(socket, POST + "Digest: mine\r\n\r\n");
            Sockets.readUntil(socket, "ok");
            Sockets.send(socket, POST + "\r\n");
            Sockets.readUntil(socket, "ok");
        }
        String both = asked.get(10, TimeUnit.SECONDS);
        assertEquals(2, both.split("Digest: mine", -1).length, both);
    }

    /** Starts an origin that responds to each request once it contains {@code part} and ends in an empty line. */
    private void origin(String part, String answer) throws Exception {
        StringBuilder all = new StringBuilder();
        int port = gateway.vertx
                .createNetServer()
                .connectHandler(socket -> {
                    StringBuilder one = new StringBuilder();
                    socket.handler(bytes -> {
                        one.append(bytes);
                        all.append(bytes);
                        if (one.indexOf(part) >= 0 && one.toString().endsWith("\r\n\r\n")) {
                            one.setLength(0);
                            asked.obtrudeValue(all.toString());
                            socket.write(answer);
                        }
                    });
                })
                .listen(0, "127.0.0.1")
                .await(10, TimeUnit.SECONDS)
                .actualPort();
        gateway.origin("/", port)
                .start(
                        UnaryOperator.identity(),
                        TrustedProxies.parse(List.of("127.0.0.0/8")).withFields(List.of("Remote-User")));
    }
}
