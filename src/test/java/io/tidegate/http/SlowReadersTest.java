package io.tidegate.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.delivery.sse.StreamOptions;
import io.tidegate.edge.connection.ConnectionLimits;
import io.tidegate.edge.tls.TlsOptions;
import io.tidegate.fixture.TestNode;
import io.tidegate.fixture.TestOrigin;
import io.tidegate.fixture.TestSettings;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Tests clients that pause while they read a response, that read slowly, and that do not read at all. */
@Timeout(60)
@SuppressWarnings("NullAway.Init") // set by each test
@ExtendWith(VertxExtension.class)
class SlowReadersTest {

    private static final Duration LAG = Duration.ofMillis(500);
    private static final Duration PAUSE = Duration.ofSeconds(2);
    private static final Duration SHORT = Duration.ofSeconds(1);
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final int SIZE = 32 << 20;
    private static final String PING = "GET /health HTTP/1.1\r\nHost: a\r\n\r\n";

    private final CompletableFuture<Void> originLeft = new CompletableFuture<>();

    @TempDir
    private Path data;

    private TestNode node;

    @AfterEach
    void stop() {
        node.close();
    }

    @Test
    void aReaderThatPausesForLongerThanAStreamMayLagGetsTheWholeResponse(Vertx vertx) throws Exception {
        start(vertx, LONG);
        try (Socket client = request("GET /download HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")) {
            InputStream in = client.getInputStream();
            long read = in.readNBytes(1 << 20).length;
            TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
            read += in.skip(Long.MAX_VALUE);
            assertTrue(read > SIZE, read + " bytes");
        }
    }

    @Test
    void aReaderThatStopsIsDisconnectedAndItsOriginToo(Vertx vertx) throws Exception {
        start(vertx, SHORT);
        try (Socket client = request("GET /download HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")) {
            originLeft.get(30, TimeUnit.SECONDS);
            assertTrue(readAll(client) < SIZE);
        }
    }

    @Test
    void aReaderThatIsSlowButSteadyIsNotDisconnected(Vertx vertx) throws Exception {
        start(vertx, SHORT);
        try (Socket client = request("GET /download HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")) {
            for (int i = 0; i < 40; i++) {
                assertEquals(32 << 10, client.getInputStream().readNBytes(32 << 10).length);
                TimeUnit.MILLISECONDS.sleep(100);
            }
            assertTrue(readAll(client) > SIZE - (2 << 20));
        }
    }

    @Test
    void requestsAreNotReadWhileTheirClientDoesNotReadTheResponses(Vertx vertx) throws Exception {
        start(vertx, SHORT);
        try (Socket client = request("")) {
            byte[] many = PING.repeat(1000).getBytes(StandardCharsets.US_ASCII);
            long sent = 0;
            try {
                while (sent < SIZE) {
                    client.getOutputStream().write(many);
                    sent += many.length;
                }
            } catch (IOException disconnected) {
                // The client has read nothing for too long.
            }
            assertTrue(sent < SIZE, "all requests were taken, and none of the responses");
        }
    }

    @Test
    void aClientThatPipelinesManyRequestsGetsAllResponses(Vertx vertx) throws Exception {
        start(vertx, LONG);
        int requests = 20_000;
        try (Socket client = request("")) {
            CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> {
                try {
                    client.getOutputStream().write(PING.repeat(requests).getBytes(StandardCharsets.US_ASCII));
                    client.shutdownOutput();
                } catch (IOException broken) {
                    throw new AssertionError(broken);
                }
            });
            TimeUnit.MILLISECONDS.sleep(SHORT.toMillis());
            byte[] answers = client.getInputStream().readAllBytes();
            sending.get(20, TimeUnit.SECONDS);
            String text = new String(answers, StandardCharsets.US_ASCII);
            assertEquals(requests, text.split("HTTP/1.1 200 OK", -1).length - 1);
        }
    }

    private void start(Vertx vertx, Duration writeTime) throws Exception {
        int origin = vertx.createHttpServer()
                .requestHandler(this::download)
                .listen(0, "127.0.0.1")
                .await(20, TimeUnit.SECONDS)
                .actualPort();
        ConnectionLimits standard = ConnectionLimits.DEFAULTS;
        ConnectionLimits limits = new ConnectionLimits(
                standard.requestLineBytes(),
                standard.headerBytes(),
                standard.headers(),
                standard.headTime(),
                standard.readTime(),
                standard.bodyRate(),
                writeTime,
                standard.idleTime());
        node = TestNode.start(TestSettings.in(data)
                .origins(TestOrigin.of("/download", origin))
                .streams(SlowReadersTest::lagging)
                .http(new HttpOptions(
                        "127.0.0.1",
                        0,
                        1,
                        1 << 20,
                        List.of(),
                        List.of(),
                        CorsOptions.DEFAULTS,
                        limits,
                        TlsOptions.DEFAULTS))
                .build());
    }

    private static StreamOptions lagging(StreamOptions standard) {
        return new StreamOptions(
                standard.heartbeat(),
                standard.heartbeatForm(),
                standard.retry(),
                standard.sendBuffer(),
                LAG,
                standard.maxLagBytes(),
                standard.drainWindow());
    }

    private void download(HttpServerRequest request) {
        HttpServerResponse response = request.response().putHeader("Content-Length", Integer.toString(SIZE));
        response.closeHandler(left -> originLeft.complete(null));
        response.exceptionHandler(left -> originLeft.complete(null));
        fill(response, 0);
    }

    private static void fill(HttpServerResponse response, int from) {
        int sent = from;
        while (sent < SIZE && !response.writeQueueFull() && !response.closed()) {
            response.write(Buffer.buffer(new byte[64 << 10]));
            sent += 64 << 10;
        }
        int next = sent;
        if (sent < SIZE) {
            response.drainHandler(drained -> fill(response, next));
        } else {
            response.end();
        }
    }

    private Socket request(String bytes) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), node.port());
        socket.setSoTimeout(30_000);
        socket.getOutputStream().write(bytes.getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    /** Returns the number of bytes that arrive before the end, which may be a reset. */
    private static long readAll(Socket client) throws IOException {
        byte[] buffer = new byte[64 << 10];
        long read = 0;
        try {
            for (int n = client.getInputStream().read(buffer);
                    n >= 0;
                    n = client.getInputStream().read(buffer)) {
                read += n;
            }
        } catch (SocketException reset) {
            // The gateway has closed the connection of the slow reader.
        }
        return read;
    }
}
