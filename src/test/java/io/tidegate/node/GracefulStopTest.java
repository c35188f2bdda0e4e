package io.tidegate.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.fixture.ChildNode;
import io.tidegate.fixture.Needs;
import io.tidegate.fixture.OnEventLoop;
import io.tidegate.fixture.RawClient;
import io.tidegate.fixture.TestCertificate;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests the shutdown of a node that runs as a child process while clients exchange messages with an origin. */
@ExtendWith(VertxExtension.class)
@Timeout(120)
@Needs("kill")
@SuppressWarnings("NullAway.Init") // each test sets the fields when it starts its node
class GracefulStopTest {

    private static final int TIMEOUT_SECONDS = 30;
    /** Larger than all socket buffers along the way combined, and than the window of an HTTP/2 stream. */
    private static final Map<HttpVersion, Integer> LARGE =
            Map.of(HttpVersion.HTTP_1_1, 24 << 20, HttpVersion.HTTP_2, 1 << 20);

    /** Half of an upload. */
    private static final int PART = 256 << 10;

    private static final String UPGRADE =
            """
            GET /ws HTTP/1.1
            Host: a.example
            Connection: Upgrade
            Upgrade: websocket
            Sec-WebSocket-Version: 13
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==

            """
                    .replace("\n", "\r\n");

    private final Path folder;
    private final BlockingQueue<HttpServerRequest> requests = new LinkedBlockingQueue<>();
    private final Promise<ServerWebSocket> service = Promise.promise();
    private Vertx vertx;
    // Vert.x closes the connections of a client that was garbage-collected.
    private HttpClient client;
    private WebSocketClient webSockets;
    private ChildNode node;

    GracefulStopTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @BeforeEach
    void make(Vertx vertx) {
        this.vertx = vertx;
    }

    @AfterEach
    void stop() {
        if (node != null) {
            node.close();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"HTTP_1_1", "HTTP_2"})
    void allThatIsInProgressCompletesBeforeItExits(HttpVersion version) throws Exception {
        start(version, origin(version), "20s");
        Future<Buffer> poll = send(HttpMethod.GET, "/poll", "");
        HttpServerRequest polled = next();
        Future<Buffer> tapped = send(HttpMethod.POST, "/things", "{\"key\":\"t1\"}");
        HttpServerRequest created = next();
        HttpClientRequest upload = await(client.request(HttpMethod.POST, "/upload"));
        Future<Buffer> uploaded = upload.response().compose(GracefulStopTest::body);
        upload.setChunked(true).write(Buffer.buffer(new byte[PART]));
        next();
        HttpClientResponse download = await(open("/download"));
        next();
        HttpClientResponse events = await(open("/stream"));
        HttpServerRequest streaming = next();
        HttpClientResponse own =
                await(OnEventLoop.run(vertx, () -> client.request(HttpMethod.GET, "/api/events?topics=things")
                        .compose(request -> request.putHeader("Accept", "text/event-stream")
                                .putHeader("Authorization", "Bearer " + node.publisher())
                                .send())
                        .map(HttpClientResponse::pause)));
        WebSocket socket = await(webSockets.connect(node.port(), "localhost", "/ws"));
        Promise<Short> closed = Promise.promise();
        socket.closeHandler(gone -> closed.complete(socket.closeStatusCode()));
        Promise<Short> closedAtOrigin = Promise.promise();
        ServerWebSocket atOrigin = await(service.future());
        atOrigin.closeHandler(gone -> closedAtOrigin.complete(atOrigin.closeStatusCode()));

        node.signal("TERM");
        node.awaitLog("event=stopping");
        TimeUnit.MILLISECONDS.sleep(500);
        assertFalse(closed.future().isComplete(), "WebSockets are closed last");
        // Each of these responses ends only now, about a second after the signal.
        polled.response().end("polled");
        created.response().setStatusCode(201).end("{\"key\":\"t1\"}");
        upload.end(Buffer.buffer(new byte[PART]));
        streaming.response().end("data: last\n\n");
        Future<Buffer> downloaded = body(download);
        Future<Buffer> streamed = body(events);

        assertTrue(await(body(own)).toString().contains("event: gateway.goodbye\n"));
        assertEquals(LARGE.get(version), await(downloaded).length());
        assertEquals("data: first\n\ndata: last\n\n", await(streamed).toString());
        assertEquals("polled", await(poll).toString());
        assertEquals("{\"key\":\"t1\"}", await(tapped).toString());
        assertEquals(Integer.toString(2 * PART), await(uploaded).toString());
        assertEquals((short) 1001, await(closed.future()));
        assertEquals((short) 1001, await(closedAtOrigin.future()));
        assertEquals(0, node.awaitExit());
        List<String> log = node.remainingLog();
        assertFalse(String.join("\n", log).contains("WARN"), String.join("\n", log));
        assertTappedEventWasKept();
    }

    @ParameterizedTest
    @EnumSource(names = {"HTTP_1_1", "HTTP_2"})
    void whatDoesNotCompleteWithinTheLimitIsCutOffAndCounted(HttpVersion version) throws Exception {
        start(version, origin(version), "8s");
        Future<Buffer> poll = send(HttpMethod.GET, "/poll", "");
        next();
        HttpClientResponse events = await(open("/stream"));
        next();
        Future<Buffer> streamed = body(events);
        long began = System.nanoTime();
        node.signal("TERM");
        String line = node.awaitLog("event=requests-cut-off");
        assertTrue(line.endsWith("requests-to-origins=2"), line);
        assertTrue(System.nanoTime() - began >= Duration.ofMillis(1_900).toNanos());
        // The client gets no response, hence none that blames the origin.
        assertTrue(isCutOff(poll));
        assertTrue(isCutOff(streamed));
        assertEquals(0, node.awaitExit());
    }

    @ParameterizedTest
    @EnumSource(names = {"HTTP_1_1", "HTTP_2"})
    void anEventStreamOfAnOriginEndsAtOnceUnlessItIsTheResponseToAPost(HttpVersion version) throws Exception {
        start(version, origin(version), "60s");
        HttpClientResponse events = await(stream(HttpMethod.GET));
        HttpServerRequest streaming = next();
        Promise<Void> abandoned = Promise.promise();
        streaming.connection().closeHandler(abandoned::complete);
        HttpClientResponse answer = await(stream(HttpMethod.POST));
        HttpServerRequest answering = next();
        Future<Buffer> ended = body(events);
        Future<Buffer> answered = body(answer);

        node.signal("TERM");
        assertEquals("data: first\n\n", await(ended).toString());
        await(abandoned.future());
        answering.response().end("data: last\n\n");
        assertEquals("data: first\n\ndata: last\n\n", await(answered).toString());
        assertEquals(0, node.awaitExit());
        List<String> log = node.remainingLog();
        assertFalse(String.join("\n", log).contains("WARN"), String.join("\n", log));
    }

    private Future<HttpClientResponse> stream(HttpMethod method) {
        return OnEventLoop.run(vertx, () -> client.request(method, "/stream")
                .compose(request ->
                        request.putHeader("Accept", "text/event-stream").send())
                .map(HttpClientResponse::pause));
    }

    @Test
    void aNewRequestOnAKeptConnectionIsRefusedWithRetryAfter() throws Exception {
        start(HttpVersion.HTTP_1_1, origin(HttpVersion.HTTP_1_1), "20s");
        List<RawClient> streams = new ArrayList<>();
        try (RawClient probe = new RawClient(node.port());
                RawClient kept = new RawClient(node.port())) {
            // While the streams end one by one, the node still accepts connections and requests.
            for (int i = 0; i < 200; i++) {
                RawClient stream = new RawClient(node.port());
                streams.add(stream);
                stream.send("GET /api/events HTTP/1.1\r\nHost: a\r\nAccept: text/event-stream\r\n" + node.viewer()
                                + "\r\n\r\n")
                        .head();
            }
            node.signal("TERM");
            RawClient.Answer probed = now(probe);
            while (probed.status() == 200 && probed.header("Connection").isEmpty()) {
                probed = now(probe);
            }
            RawClient.Answer answer = now(kept);
            assertEquals(503, answer.status());
            assertEquals("draining", answer.json().getString("code"));
            assertEquals("5", answer.header("Retry-After"));
            assertEquals("close", answer.header("Connection"));
            assertTrue(kept.atEnd());
        } finally {
            for (RawClient stream : streams) {
                stream.close();
            }
        }
        assertEquals(0, node.awaitExit());
    }

    private static RawClient.Answer now(RawClient client) throws IOException {
        return client.send("GET /now HTTP/1.1\r\nHost: a\r\n\r\n").response();
    }

    @Test
    void aCloseFrameIsInsertedOnlyBetweenTwoFrames() throws Exception {
        Buffer fromClient = Buffer.buffer();
        int port = vertx.createNetServer()
                .connectHandler(socket -> socket.handler(head -> {
                    socket.write(
                            """
                            HTTP/1.1 101 Switching Protocols\r
                            Upgrade: websocket\r
                            Connection: Upgrade\r
                            Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r
                            \r
                            """);
                    socket.write(Buffer.buffer(new byte[] {(byte) 0x81, 5, 'h', 'e', 'l'}));
                    socket.handler(bytes -> {
                        fromClient.appendBuffer(bytes);
                        // The rest of the frame, a frame too many, and the response to the Close frame.
                        socket.write(Buffer.buffer(
                                new byte[] {'l', 'o', (byte) 0x81, 1, 'x', (byte) 0x88, 2, 3, (byte) 0xE9}));
                    });
                }))
                .listen(0, "127.0.0.1")
                .await(TIMEOUT_SECONDS, TimeUnit.SECONDS)
                .actualPort();
        start(HttpVersion.HTTP_1_1, port, "20s");
        try (RawClient raw = new RawClient(node.port())) {
            assertEquals(101, raw.send(UPGRADE).head().status());
            assertEquals("\u0081\u0005hel", raw.bytes(5));
            node.signal("TERM");
            assertEquals("lo\u0088\u0002\u0003\u00e9", raw.bytes(6));
            raw.send("\u0088\u0082\0\0\0\0\u0003\u00e9");
            assertTrue(raw.atEnd());
        }
        assertEquals(0, node.awaitExit());
        // FIN and Close, masked, two bytes: 1001.
        assertEquals(8, fromClient.length());
        assertEquals(0x88, fromClient.getUnsignedByte(0));
        assertEquals(0x82, fromClient.getUnsignedByte(1));
        assertEquals(1001, (fromClient.getInt(2) >>> 16) ^ fromClient.getUnsignedShort(6));
    }

    /** Starts an origin whose requests complete when the test says so, apart from downloads. */
    private int origin(HttpVersion version) throws Exception {
        return vertx.createHttpServer()
                .webSocketHandler(service::complete)
                .requestHandler(request -> {
                    switch (request.path()) {
                        case "/upload" -> {
                            long[] bytes = {0};
                            request.handler(chunk -> bytes[0] += chunk.length())
                                    .endHandler(end -> request.response().end(Long.toString(bytes[0])));
                        }
                        case "/download" -> request.response().end(Buffer.buffer(new byte[LARGE.get(version)]));
                        case "/stream" ->
                            request.response()
                                    .putHeader("Content-Type", "text/event-stream")
                                    .setChunked(true)
                                    .write("data: first\n\n");
                        case "/now" -> request.response().end();
                        default -> {}
                    }
                    requests.add(request);
                })
                .listen(0, "127.0.0.1")
                .await(TIMEOUT_SECONDS, TimeUnit.SECONDS)
                .actualPort();
    }

    private void start(HttpVersion version, int origin, String limit) throws Exception {
        boolean tls = version == HttpVersion.HTTP_2;
        TestCertificate.make("EC").write(folder.resolve("chain.pem"), folder.resolve("key.pem"));
        Files.createDirectories(folder.resolve("conf"));
        Files.writeString(
                folder.resolve("conf/tidegate.yaml"),
                """
                origins: [{prefix: /, url: "http://127.0.0.1:%d"}]
                taps: [{on: POST /things, topic: things, type: thing.created}]
                ui: {enabled: false}
                shutdown: {time-limit: %s}
                """
                        .formatted(origin, limit));
        node = ChildNode.start(folder, ":", List.of(), tls ? secured() : new String[0]);
        HttpClientOptions options = new HttpClientOptions()
                .setProtocolVersion(version)
                .setSsl(tls)
                .setUseAlpn(tls)
                .setTrustAll(true)
                .setVerifyHost(false)
                .setDefaultHost("localhost")
                .setDefaultPort(node.port());
        webSockets = vertx.createWebSocketClient(
                new WebSocketClientOptions().setSsl(tls).setTrustAll(true).setVerifyHost(false));
        client = vertx.createHttpClient(options, new PoolOptions().setHttp1MaxSize(10));
    }

    private String[] secured() {
        return new String[] {
            "--set", "http.tls.certificate-file=" + folder.resolve("chain.pem"),
            "--set", "http.tls.key-file=" + folder.resolve("key.pem")
        };
    }

    private HttpServerRequest next() throws InterruptedException {
        return Objects.requireNonNull(
                requests.poll(TIMEOUT_SECONDS, TimeUnit.SECONDS), "no request reached the origin");
    }

    /** Sends a request and returns the body of the response. */
    private Future<Buffer> send(HttpMethod method, String path, String body) {
        return OnEventLoop.run(vertx, () -> client.request(method, path)
                .compose(request -> body.isEmpty()
                        ? request.send()
                        : request.putHeader("Content-Type", "application/json").send(body))
                .compose(HttpClientResponse::body));
    }

    /** Sends a request and returns the response, whose body has not been read. */
    private Future<HttpClientResponse> open(String path) {
        return OnEventLoop.run(vertx, () -> client.request(HttpMethod.GET, path)
                .compose(HttpClientRequest::send)
                .map(HttpClientResponse::pause));
    }

    private static Future<Buffer> body(HttpClientResponse response) {
        Future<Buffer> body = response.body();
        response.resume();
        return body;
    }

    private static boolean isCutOff(Future<Buffer> body) throws Exception {
        try {
            await(body);
            return false;
        } catch (IOException | HttpClosedException closed) {
            return true;
        }
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.await(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }

    private void assertTappedEventWasKept() throws Exception {
        start(HttpVersion.HTTP_1_1, origin(HttpVersion.HTTP_1_1), "20s");
        Buffer events = await(
                OnEventLoop.run(vertx, () -> client.request(HttpMethod.GET, "/api/events?topics=things&since=oldest")
                        .compose(request -> request.putHeader("Authorization", "Bearer " + node.publisher())
                                .send())
                        .compose(HttpClientResponse::body)));
        assertEquals(
                "t1",
                events.toJsonObject()
                        .getJsonArray("events")
                        .getJsonObject(0)
                        .getJsonObject("data")
                        .getString("key"));
    }
}
