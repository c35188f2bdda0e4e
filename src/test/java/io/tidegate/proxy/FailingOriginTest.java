package io.tidegate.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.fixture.Sockets;
import io.tidegate.fixture.TestOrigin;
import io.tidegate.proxy.origin.Origin;
import io.tidegate.proxy.origin.OriginLimits;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.NetSocket;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tests origin failures as clients see them, and client failures as origins see them. */
@ExtendWith(VertxExtension.class)
class FailingOriginTest {

    private static final UnaryOperator<Origin> SHORT = TestOrigin.answerWithin(Duration.ofMillis(200));

    private ProxyServer gateway;
    private @Nullable ServerSocket unresponsive;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @BeforeEach
    void make(Vertx vertx) {
        gateway = new ProxyServer(vertx);
    }

    @AfterEach
    void stop() throws Exception {
        if (unresponsive != null) {
            unresponsive.close();
        }
    }

    @Test
    void anOriginThatIsDownIsUnreachable() throws Exception {
        gateway.origin("/", closedPort()).start();
        assertProblem(502, "origin-unreachable", get());
    }

    @Test
    void anUploadToAnOriginThatIsDownIsAnsweredAndTheConnectionUsable() throws Exception {
        gateway.origin("/", closedPort()).start();
        try (Socket socket = gateway.socket()) {
            Sockets.send(socket, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n");
            String answer = Sockets.readUntil(socket, "}");
            assertTrue(answer.startsWith("HTTP/1.1 502 "), answer);
            Sockets.send(socket, "x".repeat(100_000) + "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            assertTrue(Sockets.readUntil(socket, "}").startsWith("HTTP/1.1 502 "));
        }
    }

    @Test
    void anOriginThatHangsUpIsUnreachable() throws Exception {
        gateway.origin("/", rawOrigin(socket -> socket.handler(request -> socket.close())))
                .start();
        assertProblem(502, "origin-unreachable", get());
    }

    @Test
    void anOriginThatSpeaksNoHttpIsUnreachable() throws Exception {
        gateway.origin("/", rawOrigin(saying("220 mail.example ESMTP\r\n\r\n"))).start();
        assertProblem(502, "origin-unreachable", get());
    }

    @Test
    void anAnswerThatCannotBePassedOnIsRefused() throws Exception {
        for (String head : new String[] {
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
            "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n",
        }) {
            ProxyServer one = new ProxyServer(gateway.vertx);
            one.origin("/", rawOrigin(saying(head))).start();
            assertProblem(
                    502,
                    "origin-unreachable",
                    client.send(HttpRequest.newBuilder(one.uri("/")).build(), BodyHandlers.ofString()));
        }
    }

    @Test
    void anOriginThatDoesNotAnswerTimesOut() throws Exception {
        gateway.origin("/", request -> {}).start(SHORT);
        assertProblem(504, "origin-timeout", get());
    }

    @Test
    void anOriginThatTakesNoMoreConnectionsTimesOut() throws Exception {
        OriginLimits brief = new OriginLimits(
                Duration.ofMillis(200), Duration.ofSeconds(60), Duration.ofSeconds(60), Duration.ZERO, 8, 8);
        List<Socket> filling = new ArrayList<>();
        try {
            int port = fullOrigin(filling);
            gateway.origin("/", port).start(origin -> TestOrigin.allowing(origin, brief, brief));
            assertProblem(504, "origin-timeout", get());
        } finally {
            for (Socket socket : filling) {
                socket.close();
            }
        }
    }

    @Test
    void anOriginThatDoesNotReadTimesOut() throws Exception {
        gateway.origin("/", unresponsiveOrigin()).start(SHORT);
        HttpRequest upload = HttpRequest.newBuilder(gateway.uri("/"))
                .timeout(Duration.ofSeconds(30))
                .POST(BodyPublishers.ofByteArray(new byte[32 << 20]))
                .build();
        assertProblem(504, "origin-timeout", client.send(upload, BodyHandlers.ofString()));
    }

    @Test
    void anAnswerThatHasBegunMayBeSilentForLong() throws Exception {
        CompletableFuture<HttpServerResponse> stream = new CompletableFuture<>();
        gateway.origin("/", request -> {
                    request.response().setChunked(true).write("begun");
                    gateway.vertx.setTimer(600, later -> stream.complete(request.response()));
                })
                .start(SHORT);
        try (Socket socket = gateway.socket()) {
            Sockets.send(socket, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            Sockets.readUntil(socket, "begun");
            stream.get(10, TimeUnit.SECONDS).end("ended");
            Sockets.readUntil(socket, "ended");
        }
    }

    @Test
    void anAnswerThatBreaksOffIsCutOffAndNotEnded() throws Exception {
        CompletableFuture<HttpServerResponse> begun = new CompletableFuture<>();
        gateway.origin("/", request -> {
                    request.response().setChunked(true).write("begun");
                    begun.complete(request.response());
                })
                .start();
        try (Socket socket = gateway.socket()) {
            Sockets.send(socket, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            Sockets.readUntil(socket, "begun\r\n");
            begun.get(10, TimeUnit.SECONDS).reset();
            assertEquals(-1, socket.getInputStream().read());
        }
    }

    @Test
    void aClientThatLeavesBeforeTheAnswerEndsTheRequestAtTheOrigin() throws Exception {
        CompletableFuture<Void> asked = new CompletableFuture<>();
        CompletableFuture<Void> left = new CompletableFuture<>();
        gateway.origin("/", request -> {
                    request.connection().closeHandler(closed -> left.complete(null));
                    asked.complete(null);
                })
                .start();
        try (Socket socket = gateway.socket()) {
            Sockets.send(socket, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            asked.get(10, TimeUnit.SECONDS);
        }
        left.get(10, TimeUnit.SECONDS);
    }

    @Test
    void aClientThatLeavesAStreamEndsItAtTheOrigin() throws Exception {
        CompletableFuture<Void> left = new CompletableFuture<>();
        gateway.origin("/", request -> {
                    request.connection().closeHandler(closed -> left.complete(null));
                    request.response().setChunked(true).write("begun");
                })
                .start();
        try (Socket socket = gateway.socket()) {
            Sockets.send(socket, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            Sockets.readUntil(socket, "begun");
        }
        left.get(10, TimeUnit.SECONDS);
    }

    @Test
    void anAnswerBeforeTheEndOfTheUploadIsTheAnswer() throws Exception {
        CompletableFuture<Void> left = new CompletableFuture<>();
        gateway.origin("/", request -> {
                    request.pause();
                    request.connection().closeHandler(closed -> left.complete(null));
                    request.response().setStatusCode(413).end("too much");
                })
                .start();
        try (Socket socket = gateway.socket()) {
            Sockets.send(socket, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhalf");
            assertTrue(Sockets.readUntil(socket, "too much").startsWith("HTTP/1.1 413 "));
            left.get(10, TimeUnit.SECONDS);
            Sockets.send(socket, "other" + "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            Sockets.readUntil(socket, "too much");
        }
    }

    @Test
    void aClientThatLeavesASlowDownloadEndsItAtTheOrigin() throws Exception {
        CompletableFuture<Void> full = new CompletableFuture<>();
        CompletableFuture<Void> left = new CompletableFuture<>();
        gateway.origin("/", request -> {
                    request.connection().closeHandler(closed -> left.complete(null));
                    HttpServerResponse response = request.response().setChunked(true);
                    response.write(Buffer.buffer(new byte[32 << 20]));
                    gateway.vertx.setTimer(300, later -> full.complete(null));
                })
                .start();
        try (Socket socket = gateway.socket()) {
            Sockets.send(socket, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            full.get(10, TimeUnit.SECONDS);
        }
        left.get(10, TimeUnit.SECONDS);
    }

    @Test
    void aClientThatLeavesInTheMiddleOfAnUploadEndsItAtTheOrigin() throws Exception {
        CompletableFuture<Void> asked = new CompletableFuture<>();
        CompletableFuture<Throwable> broken = new CompletableFuture<>();
        gateway.origin("/", request -> {
                    request.exceptionHandler(broken::complete);
                    request.handler(chunk -> asked.complete(null));
                })
                .start();
        try (Socket socket = gateway.socket()) {
            Sockets.send(socket, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nhalf");
            asked.get(10, TimeUnit.SECONDS);
        }
        broken.get(10, TimeUnit.SECONDS);
    }

    private HttpResponse<String> get() throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(gateway.uri("/")).build(), BodyHandlers.ofString());
    }

    private static void assertProblem(int status, String code, HttpResponse<String> answer) {
        assertEquals(status, answer.statusCode(), answer.body());
        assertEquals(
                "application/problem+json",
                answer.headers().firstValue("content-type").orElse(""));
        assertEquals(code, new JsonObject(answer.body()).getString("code"));
    }

    private int rawOrigin(Handler<NetSocket> handler) throws Exception {
        return gateway.vertx
                .createNetServer()
                .connectHandler(handler)
                .listen(0, "127.0.0.1")
                .await(10, TimeUnit.SECONDS)
                .actualPort();
    }

    private static Handler<NetSocket> saying(String text) {
        return socket -> socket.handler(request -> socket.write(text));
    }

    /** Starts an origin that accepts a connection and never reads from it. */
    private int unresponsiveOrigin() throws IOException {
        ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        unresponsive = socket;
        return socket.getLocalPort();
    }

    /** Starts an origin whose backlog is full, so that the next connection is never established. */
    private int fullOrigin(List<Socket> filling) throws IOException {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), unresponsiveOrigin());
        try {
            while (true) {
                Socket next = new Socket();
                filling.add(next);
                next.connect(address, 500);
            }
        } catch (SocketTimeoutException full) {
            return address.getPort();
        }
    }

    private static int closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
