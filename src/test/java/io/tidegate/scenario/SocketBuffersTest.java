package io.tidegate.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.edge.connection.ConnectionLimits;
import io.tidegate.edge.tls.TlsOptions;
import io.tidegate.fixture.Needs;
import io.tidegate.fixture.RawClient;
import io.tidegate.fixture.TestCertificate;
import io.tidegate.fixture.TestNode;
import io.tidegate.fixture.TestOrigin;
import io.tidegate.fixture.TestSettings;
import io.tidegate.fixture.TestStream;
import io.tidegate.http.CorsOptions;
import io.tidegate.http.HttpOptions;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.junit5.VertxExtension;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the size of a node's socket send buffers, as the kernel reports them, for each kind of response. */
@Needs("ss")
@Timeout(60)
@SuppressWarnings("NullAway.Init") // set before each test
@ExtendWith(VertxExtension.class)
class SocketBuffersTest {

    /** Linux doubles the configured size. */
    private static final int SMALL = 2 * (16 << 10);

    private static final Pattern SEND_BUFFER = Pattern.compile("\\btb(\\d+)");

    @TempDir
    private Path folder;

    private TestNode node;

    @BeforeEach
    void start(Vertx vertx) throws Exception {
        int origin = vertx.createHttpServer()
                .requestHandler(SocketBuffersTest::respond)
                .listen(0, "127.0.0.1")
                .await(20, TimeUnit.SECONDS)
                .actualPort();
        node = TestNode.start(TestSettings.in(folder.resolve("data"))
                .origins(TestOrigin.of("/origin", origin))
                .build());
    }

    @AfterEach
    void stop() {
        node.close();
    }

    private static void respond(HttpServerRequest request) {
        if (request.path().endsWith("stream")) {
            request.response()
                    .putHeader("Content-Type", "text/event-stream")
                    .setChunked(true)
                    .write("data: 1\n\n");
        } else {
            request.response().end("x".repeat(1 << 20));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/health", "/", "/api/sessions", "/api/events", "/origin/file", "/origin/stream"})
    void everyOtherResponseLeavesThemToTheKernel(String path) throws Exception {
        try (RawClient client = new RawClient(node.port())) {
            client.send("GET " + path + " HTTP/1.1\r\nHost: a\r\n" + node.viewer() + "\r\n\r\n");
            assertEquals(200, client.head().status());
            assertLarge();
        }
    }

    @Test
    void anEventStreamHasASmallOneAndEndsWithItsConnection() throws Exception {
        try (RawClient client = new RawClient(node.port())) {
            client.send("GET /health HTTP/1.1\r\nHost: a\r\n\r\n").response();
            assertLarge();
            client.send("GET /api/events HTTP/1.1\r\nHost: a\r\nAccept: text/event-stream\r\n" + node.viewer()
                    + "\r\n\r\n");
            RawClient.Answer head = client.head();
            assertEquals(200, head.status());
            assertEquals("close", head.header("Connection"));
            assertEquals(List.of(SMALL), sendBuffers());
            node.gateway().stop();
            client.awaitEnd();
        }
    }

    @Test
    void anEventStreamOverHttp10HasOneToo() throws Exception {
        try (TestStream stream = node.stream("/api/events");
                RawClient old = new RawClient(node.port())) {
            old.send("GET /api/events HTTP/1.0\r\nHost: a\r\nAccept: text/event-stream\r\n" + node.viewer()
                    + "\r\n\r\n");
            assertEquals(200, old.head().status());
            assertEquals(200, stream.status());
            assertEquals(List.of(SMALL, SMALL), sendBuffers());
        }
    }

    /** An HTTP/2 connection also carries other responses, and each of its streams has its own window. */
    @Test
    void anEventStreamOverHttp2LeavesThatOfItsConnectionToTheKernel() throws Exception {
        node.close();
        TestCertificate certificate = TestCertificate.make("EC");
        certificate.write(folder.resolve("chain.pem"), folder.resolve("key.pem"));
        TlsOptions tls = new TlsOptions(
                folder.resolve("chain.pem").toString(),
                folder.resolve("key.pem").toString(),
                Duration.ZERO);
        node = TestNode.start(TestSettings.in(folder.resolve("data2"))
                .http(new HttpOptions(
                        "127.0.0.1",
                        0,
                        1,
                        1 << 20,
                        List.of(),
                        List.of(),
                        CorsOptions.DEFAULTS,
                        ConnectionLimits.DEFAULTS,
                        tls))
                .build());
        HttpClient client = HttpClient.newBuilder()
                .sslContext(TestCertificate.trusting(certificate))
                .version(HttpClient.Version.HTTP_2)
                .build();
        HttpRequest stream = HttpRequest.newBuilder(URI.create("https://localhost:" + node.port() + "/api/events"))
                .header("Accept", "text/event-stream")
                .header("Authorization", node.viewer().replaceFirst("Authorization: ", ""))
                .build();
        HttpResponse<Stream<String>> response = client.send(stream, BodyHandlers.ofLines());
        assertEquals(200, response.statusCode());
        assertEquals(HttpClient.Version.HTTP_2, response.version());
        assertLarge();
    }

    private void assertLarge() throws Exception {
        List<Integer> sizes = sendBuffers();
        assertTrue(!sizes.isEmpty() && sizes.stream().allMatch(size -> size > 2 * SMALL), sizes.toString());
    }

    /** Returns the send buffer sizes of all connections between the node and clients. */
    private List<Integer> sendBuffers() throws Exception {
        Process ss = new ProcessBuilder("ss", "-Htnm", "state", "established", "sport = :" + node.port())
                .redirectErrorStream(true)
                .start();
        String listed = new String(ss.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return SEND_BUFFER
                .matcher(listed)
                .results()
                .map(found -> Integer.valueOf(found.group(1)))
                .toList();
    }
}
