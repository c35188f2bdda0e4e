package io.tidegate.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.edge.connection.ConnectionLimits;
import io.tidegate.edge.tls.TlsOptions;
import io.tidegate.fixture.DelayingRelay;
import io.tidegate.fixture.TestCertificate;
import io.tidegate.fixture.TestNode;
import io.tidegate.fixture.TestOrigin;
import io.tidegate.fixture.TestSettings;
import io.tidegate.http.CorsOptions;
import io.tidegate.http.HttpOptions;
import io.tidegate.node.Settings;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.junit5.VertxExtension;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Tests bodies and streams that share one HTTP/2 connection: windows, back-pressure, and clients that stop reading. */
@Timeout(90)
@SuppressWarnings("NullAway.Init") // set before each test
@ExtendWith(VertxExtension.class)
class Http2FlowTest {

    private static final int SIZE = 8 << 20;
    private static final Duration SHORT = Duration.ofSeconds(1);

    private final Promise<HttpServerRequest> stalled = Promise.promise();

    @TempDir
    private Path folder;

    private Settings settings;
    private TestNode node;
    private HttpClient client;
    private String host = "";
    private int port;

    @BeforeEach
    void start(Vertx vertx) throws Exception {
        int origin = vertx.createHttpServer()
                .requestHandler(this::respond)
                .listen(0, "127.0.0.1")
                .await(20, TimeUnit.SECONDS)
                .actualPort();
        TestCertificate.make("EC").write(folder.resolve("chain.pem"), folder.resolve("key.pem"));
        ConnectionLimits standard = ConnectionLimits.DEFAULTS;
        ConnectionLimits limits = new ConnectionLimits(
                standard.requestLineBytes(),
                standard.headerBytes(),
                standard.headers(),
                standard.headTime(),
                SHORT,
                standard.bodyRate(),
                SHORT,
                standard.idleTime());
        settings = TestSettings.in(folder.resolve("data"))
                .origins(TestOrigin.of("/origin", origin))
                .http(options(limits))
                .build();
        node = TestNode.start(settings);
        host = "127.0.0.1";
        port = node.port();
        client = client(vertx, new HttpClientOptions());
    }

    private HttpOptions options(ConnectionLimits limits) {
        TlsOptions tls = new TlsOptions(
                folder.resolve("chain.pem").toString(),
                folder.resolve("key.pem").toString(),
                Duration.ZERO);
        return new HttpOptions("127.0.0.1", 0, 1, 1 << 20, List.of(), List.of(), CorsOptions.DEFAULTS, limits, tls);
    }

    private static HttpClient client(Vertx vertx, HttpClientOptions options) {
        return vertx.httpClientBuilder()
                .with(options.setProtocolVersion(HttpVersion.HTTP_2)
                        .setUseAlpn(true)
                        .setSsl(true)
                        .setTrustAll(true)
                        .setVerifyHost(false))
                .with(new PoolOptions().setHttp2MaxSize(1))
                .build();
    }

    @AfterEach
    void stop() {
        node.close();
    }

    private void respond(HttpServerRequest request) {
        if (request.path().endsWith("/stalled")) {
            request.pause();
            stalled.tryComplete(request);
        } else if (request.path().endsWith("/download")) {
            request.response().end(Buffer.buffer(new byte[SIZE]));
        } else {
            request.body().onSuccess(body -> request.response().end(Integer.toString(body.length())));
        }
    }

    @Test
    void anUploadOverALongPathNeedsFewRoundTrips() throws Exception {
        try (DelayingRelay relay = new DelayingRelay(node.port(), 100)) {
            port = relay.port();
            long begun = System.nanoTime();
            assertEquals(Integer.toString(SIZE), upload("/origin/upload", SIZE).await(80, TimeUnit.SECONDS));
            long trips = Duration.ofNanos(System.nanoTime() - begun).toMillis() / 200;
            assertTrue(trips < 64, trips + " round trips for 8 MB; 128 with the default windows");
        }
    }

    @Test
    void anUploadThatItsOriginDoesNotReadStopsNoOther() throws Exception {
        Future<String> slow = upload("/origin/stalled", SIZE);
        HttpServerRequest held = stalled.future().await(20, TimeUnit.SECONDS);
        for (int i = 0; i < 3; i++) {
            assertEquals(Integer.toString(SIZE), upload("/origin/upload", SIZE).await(30, TimeUnit.SECONDS));
        }
        assertTrue(charged() > 0, "the waiting body is not charged");
        held.body().onSuccess(body -> held.response().end(Integer.toString(body.length())));
        held.resume();
        assertEquals(Integer.toString(SIZE), slow.await(30, TimeUnit.SECONDS));
        awaitNothingCharged();
    }

    @Test
    void downloadsThatTheirClientDoesNotReadStopNoOther(Vertx vertx) throws Exception {
        node.close();
        node = TestNode.start(TestSettings.of(settings)
                .http(options(ConnectionLimits.DEFAULTS))
                .build());
        port = node.port();
        // Two downloads use half of the connection's window.
        client = client(
                vertx, new HttpClientOptions().setInitialSettings(new Http2Settings().setInitialWindowSize(16 << 10)));
        Promise<Void> ended = Promise.promise();
        for (int i = 0; i < 2; i++) {
            request(HttpMethod.GET, "/origin/download")
                    .send()
                    .onSuccess(response -> response.pause().exceptionHandler(ended::tryFail))
                    .await(20, TimeUnit.SECONDS);
        }
        for (int i = 0; i < 50; i++) {
            assertEquals("3", upload("/origin/upload", 3).await(20, TimeUnit.SECONDS));
        }
        assertFalse(ended.future().isComplete(), "a download was ended instead");
    }

    @Test
    void aBodyThatStopsIsReset() throws Exception {
        Promise<Throwable> reset = Promise.promise();
        HttpClientRequest request = request(HttpMethod.PUT, "/origin/upload");
        request.exceptionHandler(reset::tryComplete);
        request.response().onFailure(reset::tryComplete);
        request.setChunked(true).write(Buffer.buffer(new byte[1000]));
        reset.future().await(30, TimeUnit.SECONDS);
        assertEquals("3", upload("/origin/upload", 3).await(20, TimeUnit.SECONDS));
        awaitNothingCharged();
    }

    @Test
    void aResponseThatIsNotReadIsReset() throws Exception {
        Promise<Throwable> reset = Promise.promise();
        HttpClientRequest request = request(HttpMethod.GET, "/origin/download");
        request.send().onSuccess(response -> response.pause().exceptionHandler(reset::tryComplete));
        reset.future().await(30, TimeUnit.SECONDS);
        assertEquals("3", upload("/origin/upload", 3).await(20, TimeUnit.SECONDS));
    }

    @Test
    void theFramesThatOneEventCausesAreSentTogether() throws Exception {
        int streams = 100;
        try (DelayingRelay relay = new DelayingRelay(node.port(), 0)) {
            port = relay.port();
            List<Future<Void>> received = new ArrayList<>();
            for (int i = 0; i < streams; i++) {
                received.add(open());
            }
            int before = relay.records();
            HttpClientRequest publish = request(HttpMethod.POST, "/api/events");
            publish.putHeader("Authorization", node.publisher().replaceFirst("Authorization: ", ""))
                    .putHeader("Content-Type", "application/json");
            publish.send("{\"topic\":\"flow\",\"type\":\"t\",\"data\":\"there\"}")
                    .await(20, TimeUnit.SECONDS);
            Future.all(received).await(20, TimeUnit.SECONDS);
            int records = relay.records() - before;
            assertTrue(records < streams / 4, records + " records for " + streams + " frames");
        }
    }

    /** Opens a stream and returns a future that completes when an event arrives. */
    private Future<Void> open() throws Exception {
        Promise<Void> received = Promise.promise();
        HttpClientRequest request = request(HttpMethod.GET, "/api/events?topics=flow");
        request.putHeader("Authorization", node.viewer().replaceFirst("Authorization: ", ""))
                .putHeader("Accept", "text/event-stream");
        Promise<Void> opened = Promise.promise();
        request.send()
                .onSuccess(response -> response.handler(bytes -> {
                    opened.tryComplete();
                    if (bytes.toString().contains("\"there\"")) {
                        received.tryComplete();
                    }
                }));
        opened.future().await(20, TimeUnit.SECONDS);
        return received.future();
    }

    private HttpClientRequest request(HttpMethod method, String path) throws Exception {
        return client.request(method, port, host, path).await(20, TimeUnit.SECONDS);
    }

    private Future<String> upload(String path, int size) throws Exception {
        return request(HttpMethod.PUT, path)
                .send(Buffer.buffer(new byte[size]))
                .compose(HttpClientResponse::body)
                .map(Buffer::toString);
    }

    private void awaitNothingCharged() throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (charged() > 0) {
            assertTrue(System.nanoTime() < deadline, "bodies that have ended are charged");
        }
    }

    private double charged() throws Exception {
        return node.management("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith("overload_bodies_bytes "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(' '))))
                .sum();
    }
}
