package io.tidegate.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.fixture.Sockets;
import io.tidegate.fixture.TestOrigin;
import io.tidegate.proxy.origin.Origin;
import io.tidegate.proxy.origin.OriginLimits;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests WebSockets between a client and an origin. */
@ExtendWith(VertxExtension.class)
class TunnelTest {

    private static final int LARGE = 4 << 20;
    /**
     * A size that needs many frames. It is not larger because leak detection slows masking down to a second per
     * megabyte.
     */
    private static final int MESSAGE = 1 << 20;

    private static final int ENDLESS = 64 << 20;
    private static final String UPGRADE =
            """
            GET /ws?a=1&ticket=tide-secretsecretsecretsecretsecretsecretsecrets HTTP/1.1
            Host: a.example
            Connection: keep-alive, Upgrade
            Upgrade: websocket
            Sec-WebSocket-Version: 13
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
            Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits
            Cookie: tidegate=secret; own=1
            Origin: http://a.example

            """
                    .replace("\n", "\r\n");
    private static final String AGREED =
            """
            HTTP/1.1 101 Switching Protocols
            Upgrade: websocket
            Connection: Upgrade
            Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=
            Sec-WebSocket-Extensions: permessage-deflate

            """
                    .replace("\n", "\r\n");

    private ProxyServer gateway;
    // Vert.x closes the connections of a client that was garbage-collected, so each is kept until the end of the test.
    private WebSocketClient webSockets;
    private NetClient sockets;
    private final CompletableFuture<ServerWebSocket> accepted = new CompletableFuture<>();

    @BeforeEach
    void make(Vertx vertx) {
        gateway = new ProxyServer(vertx);
        webSockets = vertx.createWebSocketClient(new WebSocketClientOptions().setMaxMessageSize(2 * MESSAGE));
        sockets = vertx.createNetClient();
    }

    @Test
    void textAndBytesPassBothWays() throws Exception {
        WebSocket socket = connect(echo(), new WebSocketConnectOptions());
        CompletableFuture<String> text = new CompletableFuture<>();
        CompletableFuture<Buffer> bytes = new CompletableFuture<>();
        socket.textMessageHandler(text::complete).binaryMessageHandler(bytes::complete);
        socket.writeTextMessage("grüße");
        socket.writeBinaryMessage(Buffer.buffer(new byte[] {0, -1, 7}));
        assertEquals("grüße", text.get(10, TimeUnit.SECONDS));
        assertEquals(Buffer.buffer(new byte[] {0, -1, 7}), bytes.get(10, TimeUnit.SECONDS));
    }

    @Test
    void aLargeMessagePassesWhole() throws Exception {
        WebSocket socket = connect(echo(), new WebSocketConnectOptions());
        CompletableFuture<Buffer> back = new CompletableFuture<>();
        socket.binaryMessageHandler(back::complete);
        byte[] large = new byte[MESSAGE];
        new Random(1).nextBytes(large);
        socket.writeBinaryMessage(Buffer.buffer(large));
        assertEquals(Buffer.buffer(large), back.get(30, TimeUnit.SECONDS));
    }

    @Test
    void theSubprotocolIsAgreedWithTheOrigin() throws Exception {
        WebSocket socket =
                connect(echo(), new WebSocketConnectOptions().setSubProtocols(List.of("unknown", "terminal.v1")));
        assertEquals("terminal.v1", socket.subProtocol());
        assertEquals("terminal.v1", accepted.get(10, TimeUnit.SECONDS).subProtocol());
    }

    @Test
    void theClientsCloseCodeReachesTheOrigin() throws Exception {
        WebSocket socket = connect(echo(), new WebSocketConnectOptions());
        CompletableFuture<String> closed = new CompletableFuture<>();
        ServerWebSocket service = accepted.get(10, TimeUnit.SECONDS);
        service.closeHandler(v -> closed.complete(service.closeStatusCode() + " " + service.closeReason()));
        socket.close((short) 4001, "enough");
        assertEquals("4001 enough", closed.get(10, TimeUnit.SECONDS));
    }

    @Test
    void theOriginsCloseCodeReachesTheClient() throws Exception {
        WebSocket socket = connect(echo(), new WebSocketConnectOptions());
        CompletableFuture<String> closed = new CompletableFuture<>();
        socket.closeHandler(v -> closed.complete(socket.closeStatusCode() + " " + socket.closeReason()));
        socket.writeTextMessage("close");
        assertEquals("4002 over", closed.get(10, TimeUnit.SECONDS));
    }

    @Test
    void theHandshakePassesAsItIsButForOurCredentialsAndWhoTheClientIs() throws Exception {
        CompletableFuture<String> asked = new CompletableFuture<>();
        gateway.origin(
                        "/",
                        rawOrigin(socket -> socket.handler(head -> {
                            asked.complete(head.toString());
                            socket.write(AGREED + "greeting");
                        })))
                .start();
        try (Socket socket = gateway.socket()) {
            Sockets.send(socket, UPGRADE);
            String answer = Sockets.readUntil(socket, "greeting");
            assertTrue(answer.startsWith("HTTP/1.1 101 "), answer);
            assertTrue(answer.contains("\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"), answer);
            assertTrue(answer.contains("\r\nSec-WebSocket-Extensions: permessage-deflate\r\n"), answer);
            assertTrue(answer.endsWith("\r\n\r\ngreeting"), answer);
        }
        String head = asked.get(10, TimeUnit.SECONDS);
        assertTrue(head.startsWith("GET /ws?a=1 HTTP/1.1\r\n"), head);
        String lower = head.toLowerCase(Locale.ROOT);
        assertTrue(lower.contains("\r\nhost: a.example\r\n"), head);
        assertTrue(lower.contains("\r\nconnection: upgrade\r\n"), head);
        assertTrue(lower.contains("\r\nupgrade: websocket\r\n"), head);
        assertTrue(lower.contains("\r\norigin: http://a.example\r\n"), head);
        assertTrue(lower.contains("\r\ncookie: own=1\r\n"), head);
        assertTrue(lower.contains("\r\nx-forwarded-for: 127.0.0.1\r\n"), head);
        assertTrue(head.contains("permessage-deflate; client_max_window_bits\r\n"), head);
        assertFalse(head.contains("secret"), head);
    }

    @Test
    void aRefusalOfTheOriginIsPassedOnWithItsBody() throws Exception {
        gateway.origin("/", request -> request.response()
                        .setStatusCode(403)
                        .putHeader("X-Why", "because")
                        .end("not you"))
                .start();
        try (Socket socket = gateway.socket()) {
            Sockets.send(socket, UPGRADE);
            String answer = Sockets.readUntil(socket, "not you");
            assertTrue(answer.startsWith("HTTP/1.1 403 Forbidden\r\n"), answer);
            assertTrue(answer.contains("\r\nX-Why: because\r\n"), answer);
            Sockets.send(socket, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            Sockets.readUntil(socket, "not you");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "Upgrade: h2c\r\n", "Upgrade: websocket, h2c\r\n", "Upgrade: websocket\r\nUpgrade: a\r\n"})
    void aSwitchToAnotherProtocolIsRefused(String upgrade) throws Exception {
        gateway.origin(
                        "/",
                        rawOrigin(socket -> socket.handler(head -> socket.write(
                                "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\n" + upgrade + "\r\nraw"))))
                .start();
        assertTrue(refused(UPGRADE).contains("\"code\":\"origin-unreachable\""));
    }

    @ParameterizedTest
    @CsvSource({
        "POST, tcp, 2",
        "POST, SPDY/3.1, 0",
        "GET, derp, 0",
        "GET, 'h2c, tcp', 0",
    })
    void otherProtocolsPassToo(String method, String offered, int length) throws Exception {
        CompletableFuture<String> asked = new CompletableFuture<>();
        String protocol = offered.replace("h2c, ", "");
        gateway.origin("/", rawOrigin(socket -> {
                    StringBuilder received = new StringBuilder();
                    socket.handler(bytes -> {
                        received.append(bytes);
                        if (received.toString().endsWith("\r\n\r\n" + "{}".substring(0, length))) {
                            asked.complete(received.toString());
                            socket.write("HTTP/1.1 101 UPGRADED\r\nContent-Type: application/x\r\n"
                                    + "Connection: Upgrade\r\nUpgrade: " + protocol + "\r\n\r\nhello");
                        } else if (received.toString().endsWith("ping")) {
                            socket.write("pong");
                        }
                    });
                }))
                .start();
        try (Socket socket = gateway.socket()) {
            Sockets.send(
                    socket,
                    method + " /exec HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: " + offered
                            + "\r\nContent-Length: " + length + "\r\n\r\n" + "{}".substring(0, length));
            String answer = Sockets.readUntil(socket, "hello");
            assertTrue(answer.startsWith("HTTP/1.1 101 "), answer);
            assertTrue(
                    answer.toLowerCase(Locale.ROOT).contains("\r\nupgrade: " + protocol.toLowerCase(Locale.ROOT)),
                    answer);
            assertTrue(answer.endsWith("\r\n\r\nhello"), answer);
            Sockets.send(socket, "ping");
            Sockets.readUntil(socket, "pong");
        }
        String head = asked.get(10, TimeUnit.SECONDS).toLowerCase(Locale.ROOT);
        assertTrue(head.contains("\r\nupgrade: " + protocol.toLowerCase(Locale.ROOT) + "\r\n"), head);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLS/1.0", "unknown", "websocket2"})
    void protocolsThatAreNotListedDoNotReachTheOrigin(String protocol) throws Exception {
        gateway.origin("/", request -> request.response()
                        .end("upgrade=" + request.getHeader("Upgrade") + " connection="
                                + request.getHeader("Connection")))
                .start();
        String answer = gateway.raw("GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nConnection: close\r\nUpgrade: "
                + protocol + "\r\n\r\n");
        assertTrue(answer.endsWith("upgrade=null connection=null"), answer);
    }

    @Test
    void anOriginThatIsGoneOrSilentIsAProblem() throws Exception {
        int port = rawOrigin(NetSocket::close);
        gateway.origin("/gone", port)
                .origin("/ws", request -> {})
                .start(TestOrigin.answerWithin(Duration.ofMillis(200)));
        assertTrue(refused(UPGRADE.replace("/ws", "/gone")).startsWith("HTTP/1.1 502 "));
        assertTrue(refused(UPGRADE).contains("\"code\":\"origin-timeout\""));
    }

    @Test
    void aClientThatGivesUpWaitingEndsTheRequestAtTheOrigin() throws Exception {
        CompletableFuture<Void> asked = new CompletableFuture<>();
        CompletableFuture<Void> left = new CompletableFuture<>();
        gateway.origin("/", rawOrigin(socket -> socket.handler(head -> asked.complete(null))
                        .closeHandler(closed -> left.complete(null))))
                .start();
        try (Socket socket = gateway.socket()) {
            Sockets.send(socket, UPGRADE);
            asked.get(10, TimeUnit.SECONDS);
        }
        left.get(10, TimeUnit.SECONDS);
    }

    @Test
    void whenOneSideGoesTheOtherIsClosed() throws Exception {
        CompletableFuture<NetSocket> service = new CompletableFuture<>();
        CompletableFuture<Void> left = new CompletableFuture<>();
        gateway.origin("/", rawOrigin(socket -> socket.handler(head -> {
                            socket.write(AGREED);
                            service.complete(socket);
                        })
                        .closeHandler(closed -> left.complete(null))))
                .start();
        try (Socket socket = gateway.socket()) {
            Sockets.send(socket, UPGRADE);
            Sockets.readUntil(socket, "\r\n\r\n");
        }
        left.get(10, TimeUnit.SECONDS);
    }

    @Test
    void whenTheOriginGoesTheClientGetsAllItSaidAndIsClosed() throws Exception {
        gateway.origin(
                        "/",
                        rawOrigin(socket -> socket.handler(head -> {
                            socket.write(AGREED + "x".repeat(LARGE));
                            socket.close();
                        })))
                .start();
        try (Socket socket = gateway.socket()) {
            Sockets.send(socket, UPGRADE);
            Sockets.readUntil(socket, "\r\n\r\n");
            assertEquals(LARGE, socket.getInputStream().readAllBytes().length);
        }
    }

    @Test
    void aClientThatDoesNotReadHoldsTheOriginBack() throws Exception {
        AtomicLong written = new AtomicLong();
        CompletableFuture<Void> full = new CompletableFuture<>();
        gateway.origin(
                        "/",
                        rawOrigin(socket -> socket.handler(head -> {
                            socket.write(AGREED);
                            fill(socket, written);
                            awaitIdle(written, -1, full);
                        })))
                .start();
        try (Socket socket = gateway.socket()) {
            Sockets.send(socket, UPGRADE);
            full.get(30, TimeUnit.SECONDS);
            assertTrue(written.get() < ENDLESS, written + " bytes were taken from the origin");
        }
    }

    @Test
    void anOriginThatDoesNotReadHoldsTheClientBack() throws Exception {
        CompletableFuture<NetSocket> service = new CompletableFuture<>();
        gateway.origin(
                        "/",
                        rawOrigin(socket -> socket.handler(head -> {
                            socket.pause();
                            socket.write(AGREED);
                            service.complete(socket);
                        })))
                .start();
        AtomicLong written = new AtomicLong();
        CompletableFuture<Void> full = new CompletableFuture<>();
        NetSocket client = sockets.connect(gateway.port(), "127.0.0.1").await(10, TimeUnit.SECONDS);
        client.handler(head -> {
            fill(client, written);
            awaitIdle(written, -1, full);
        });
        client.write(UPGRADE);
        full.get(30, TimeUnit.SECONDS);
        assertTrue(written.get() < ENDLESS, written + " bytes were taken from the client");
        AtomicLong arrived = new AtomicLong();
        CompletableFuture<Void> ended = new CompletableFuture<>();
        service.get(10, TimeUnit.SECONDS)
                .handler(bytes -> arrived.addAndGet(bytes.length()))
                .endHandler(end -> ended.complete(null));
        client.drainHandler(null).close();
        service.get().resume();
        ended.get(30, TimeUnit.SECONDS);
        assertEquals(written.get(), arrived.get());
    }

    @Test
    void aTunnelThroughWhichNothingPassesIsClosedOnBothSides() throws Exception {
        CompletableFuture<Void> left = new CompletableFuture<>();
        gateway.origin("/", rawOrigin(socket -> socket.handler(head -> socket.write(AGREED))
                        .closeHandler(closed -> left.complete(null))))
                .start(limited(Duration.ofMillis(200), Duration.ZERO));
        try (Socket socket = gateway.socket()) {
            Sockets.send(socket, UPGRADE);
            Sockets.readUntil(socket, "\r\n\r\n");
            assertEquals(-1, socket.getInputStream().read());
        }
        left.get(10, TimeUnit.SECONDS);
    }

    @Test
    void aTunnelIsClosedWhenItIsOldEnough() throws Exception {
        gateway.origin(
                        "/",
                        rawOrigin(socket -> socket.handler(head -> {
                            socket.write(AGREED);
                            gateway.vertx.setPeriodic(20, tick -> socket.write("."));
                        })))
                .start(limited(Duration.ofSeconds(60), Duration.ofMillis(300)));
        try (Socket socket = gateway.socket()) {
            Sockets.send(socket, UPGRADE);
            assertTrue(socket.getInputStream().skip(Long.MAX_VALUE) > 0);
        }
        gateway.counted("/ streams answered");
    }

    private static UnaryOperator<Origin> limited(Duration idle, Duration maxAge) {
        OriginLimits streams = TestOrigin.limits(Duration.ofSeconds(30), idle, maxAge, 4, 4);
        return origin -> TestOrigin.allowing(origin, origin.requests(), streams);
    }

    /** Writes while the write queue is not full, and stops at a total that is only reached without back-pressure. */
    private static void fill(NetSocket socket, AtomicLong written) {
        Buffer chunk = Buffer.buffer(new byte[64 << 10]);
        while (!socket.writeQueueFull() && written.get() < ENDLESS) {
            socket.write(chunk);
            written.addAndGet(chunk.length());
        }
        socket.drainHandler(drained -> fill(socket, written));
    }

    /** Completes the promise when no bytes have been written for 300 ms. */
    private void awaitIdle(AtomicLong written, long before, CompletableFuture<Void> done) {
        gateway.vertx.setTimer(300, later -> {
            if (written.get() == before) {
                done.complete(null);
            } else {
                awaitIdle(written, written.get(), done);
            }
        });
    }

    private String refused(String request) throws IOException {
        try (Socket socket = gateway.socket()) {
            Sockets.send(socket, request);
            return Sockets.readUntil(socket, "}");
        }
    }

    private WebSocket connect(int origin, WebSocketConnectOptions options) throws Exception {
        gateway.origin("/", origin).start();
        return webSockets
                .connect(options.setHost("127.0.0.1").setPort(gateway.port()).setURI("/ws"))
                .await(10, TimeUnit.SECONDS);
    }

    /** Starts an origin that echoes messages and closes the WebSocket on the message {@code close}. */
    private int echo() throws Exception {
        return gateway.vertx
                .createHttpServer(new HttpServerOptions()
                        .setWebSocketSubProtocols(List.of("terminal.v1"))
                        .setMaxWebSocketMessageSize(2 * MESSAGE))
                .webSocketHandler(socket -> {
                    socket.textMessageHandler(text -> {
                        if (text.equals("close")) {
                            socket.close((short) 4002, "over");
                        } else {
                            socket.writeTextMessage(text);
                        }
                    });
                    socket.binaryMessageHandler(socket::writeBinaryMessage);
                    accepted.complete(socket);
                })
                .listen(0, "127.0.0.1")
                .await(10, TimeUnit.SECONDS)
                .actualPort();
    }

    private int rawOrigin(Handler<NetSocket> handler) throws Exception {
        return gateway.vertx
                .createNetServer()
                .connectHandler(handler)
                .listen(0, "127.0.0.1")
                .await(10, TimeUnit.SECONDS)
                .actualPort();
    }
}
