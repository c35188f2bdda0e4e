package io.tidegate.scenario;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Page;
import io.tidegate.delivery.sse.StreamOptions;
import io.tidegate.delivery.sse.StreamOptions.HeartbeatForm;
import io.tidegate.edge.connection.ConnectionLimits;
import io.tidegate.edge.overload.OverloadOptions;
import io.tidegate.edge.tls.TlsOptions;
import io.tidegate.fixture.Chromium;
import io.tidegate.fixture.EventStreamParser;
import io.tidegate.fixture.Needs;
import io.tidegate.fixture.RawClient;
import io.tidegate.fixture.TestCertificate;
import io.tidegate.fixture.TestNode;
import io.tidegate.fixture.TestSettings;
import io.tidegate.fixture.TestStream;
import io.tidegate.http.CorsOptions;
import io.tidegate.http.HttpOptions;
import io.tidegate.node.Settings;
import java.io.IOException;
import java.io.OutputStream;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests a node without a proxy in front of it: TLS, HTTP/1.1 and HTTP/2, and changes of the certificate. */
@Timeout(120)
@SuppressWarnings("NullAway.Init") // the fields are set before each test
class TlsTest {

    private static final Duration HANDSHAKE = Duration.ofSeconds(1);
    private static final Duration IDLE = Duration.ofSeconds(4);
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final int STREAMS = 100;

    private final Path folder;
    private TestCertificate certificate;
    private SSLContext trust;
    private HttpClient client;
    private Settings settings;
    private TestNode node;

    TlsTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @BeforeEach
    void start() throws Exception {
        certificate = TestCertificate.make("EC");
        certificate.write(folder.resolve("chain.pem"), folder.resolve("key.pem"));
        trust = TestCertificate.trusting(certificate);
        client = HttpClient.newBuilder()
                .sslContext(trust)
                .version(Version.HTTP_2)
                .build();
        TlsOptions tls = new TlsOptions(
                folder.resolve("chain.pem").toString(),
                folder.resolve("key.pem").toString(),
                Duration.ofDays(1));
        ConnectionLimits standard = ConnectionLimits.DEFAULTS;
        ConnectionLimits limits = new ConnectionLimits(
                standard.requestLineBytes(),
                standard.headerBytes(),
                standard.headers(),
                HANDSHAKE,
                standard.readTime(),
                standard.bodyRate(),
                standard.writeTime(),
                IDLE);
        settings = TestSettings.in(folder.resolve("data"))
                .streams(TlsTest::withHeartbeats)
                .http(new HttpOptions(
                        "127.0.0.1", 0, 2, 1 << 20, List.of(), List.of(), CorsOptions.DEFAULTS, limits, tls))
                .build();
        node = TestNode.start(settings);
    }

    @AfterEach
    void stop() {
        node.close();
    }

    private static StreamOptions withHeartbeats(StreamOptions standard) {
        return new StreamOptions(
                Duration.ofSeconds(1),
                HeartbeatForm.EVENT,
                standard.retry(),
                standard.sendBuffer(),
                standard.maxLag(),
                standard.maxLagBytes(),
                Duration.ofSeconds(1));
    }

    @Test
    void aHundredStreamsShareOneConnectionAndEachSeesEveryEventInOrder() throws Exception {
        node.close();
        node = TestNode.start(TestSettings.of(settings)
                .overload(new OverloadOptions(90, 90, 10, 25, 1, 1000, true))
                .build());
        // This request establishes the connection, because the client would otherwise open one for each request.
        assertEquals(
                200,
                client.send(get("/health").build(), BodyHandlers.discarding()).statusCode());
        List<CompletableFuture<HttpResponse<Stream<String>>>> opening = new ArrayList<>();
        for (int i = 0; i < STREAMS; i++) {
            opening.add(client.sendAsync(stream("/api/events?topics=many/**"), BodyHandlers.ofLines()));
        }
        List<Iterator<String>> lines = new ArrayList<>();
        for (CompletableFuture<HttpResponse<Stream<String>>> response : opening) {
            HttpResponse<Stream<String>> open = response.get(60, TimeUnit.SECONDS);
            assertEquals(200, open.statusCode());
            assertEquals(Version.HTTP_2, open.version());
            lines.add(open.body().iterator());
        }
        lines.forEach(stream -> await(stream, "id: "));
        for (int i = 0; i < 20; i++) {
            publish("many/" + i, "\"" + "x".repeat(100 * i) + "\"");
        }
        for (Iterator<String> stream : lines) {
            for (int i = 0; i < 20; i++) {
                assertEquals("data: \"" + "x".repeat(100 * i) + "\"", await(stream, "data: \""));
            }
            await(stream, "event: heartbeat");
        }
    }

    @Test
    void streamsOfHttp1ShareWhatIsWrittenOnceAndGetItWhole() throws Exception {
        List<TestStream> streams = new ArrayList<>();
        try {
            for (int i = 0; i < 5; i++) {
                streams.add(TestStream.open(socket(trust), "/api/events?topics=shared", node.viewer()));
            }
            for (TestStream stream : streams) {
                stream.awaitBody("id: ");
            }
            for (int i = 0; i < 50; i++) {
                publish("shared", "\"" + "y".repeat(500 * (i % 40)) + "\"");
            }
            for (TestStream stream : streams) {
                for (int i = 0; i < 50; i++) {
                    assertEquals("\"" + "y".repeat(500 * (i % 40)) + "\"", next(stream));
                }
            }
        } finally {
            for (TestStream stream : streams) {
                stream.close();
            }
        }
    }

    @Test
    void aNewCertificateCountsForNewConnectionsAndTheStreamsStay() throws Exception {
        TestCertificate next = TestCertificate.make("RSA");
        SSLContext both = TestCertificate.trusting(certificate, next);
        HttpResponse<Stream<String>> two = client.send(stream("/api/events?topics=swap"), BodyHandlers.ofLines());
        Iterator<String> lines = two.body().iterator();
        try (TestStream one = TestStream.open(socket(trust), "/api/events?topics=swap", node.viewer())) {
            one.awaitBody("id: ");
            await(lines, "id: ");
            assertEquals(certificate.serial(), serial(both));
            next.write(folder.resolve("chain.pem"), folder.resolve("key.pem"));
            long end = System.nanoTime() + TIMEOUT.toNanos();
            while (!serial(both).equals(next.serial())) {
                assertTrue(System.nanoTime() < end, "the new certificate was not used");
            }
            publish("swap", "\"after\"");
            assertEquals("\"after\"", next(one));
            assertEquals("data: \"after\"", await(lines, "data: \""));
        }
        certificate.write(folder.resolve("chain.pem"), folder.resolve("key.pem"));
        node.gateway().reload(settings).await(30, TimeUnit.SECONDS);
        assertEquals(certificate.serial(), serial(both));
    }

    @Test
    void answersSaySoAndCookiesAreForTlsAlone() throws Exception {
        HttpResponse<String> health = client.send(get("/health").build(), BodyHandlers.ofString());
        assertEquals(
                "max-age=86400",
                health.headers().firstValue("Strict-Transport-Security").orElse(""));
        assertEquals(Version.HTTP_2, health.version());
        HttpResponse<String> page = client.send(
                get("/?ticket=" + node.gateway().ticket())
                        .header("Accept", "text/html")
                        .build(),
                BodyHandlers.ofString());
        assertEquals(303, page.statusCode());
        assertTrue(page.headers().firstValue("Set-Cookie").orElse("").contains("; Secure"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/health", "/api/items", "/api/sse/items", "/nothing"})
    void theResponseToHeadHasALengthAndNoBody(String path) throws Exception {
        HttpResponse<String> whole = client.send(get(path).build(), BodyHandlers.ofString());
        HttpResponse<String> head =
                client.send(get(path).method("HEAD", BodyPublishers.noBody()).build(), BodyHandlers.ofString());
        assertEquals(Version.HTTP_2, head.version());
        assertEquals("", head.body());
        assertTrue(head.headers().firstValueAsLong("Content-Length").orElse(0) > 0, head.headers()::toString);
        assertFalse(whole.body().isEmpty());
    }

    @Test
    void nothingOlderThanTls12IsSpoken() throws Exception {
        try (RawClient raw = new RawClient(node.port())) {
            raw.send(clientHello(2));
            String alert = raw.bytes(7);
            assertEquals(
                    "21 70", (int) alert.charAt(0) + " " + (int) alert.charAt(6), "must be the alert protocol_version");
            assertTrue(raw.atEnd());
        }
        for (String version : List.of("TLSv1.2", "TLSv1.3")) {
            try (SSLSocket socket = socket(trust)) {
                socket.setEnabledProtocols(new String[] {version});
                socket.startHandshake();
                assertEquals(version, socket.getSession().getProtocol());
            }
        }
    }

    @Test
    void aClientCannotRenegotiate() throws Exception {
        try (SSLSocket socket = socket(trust)) {
            socket.setEnabledProtocols(new String[] {"TLSv1.2"});
            socket.startHandshake();
            assertTrue(isClosedByRenegotiation(socket), "the connection is still served");
        }
    }

    private static boolean isClosedByRenegotiation(SSLSocket socket) throws IOException {
        byte[] request =
                "GET /health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        try {
            socket.startHandshake();
            socket.getOutputStream().write(request);
            return socket.getInputStream().readAllBytes().length == 0;
        } catch (SSLException | SocketException refused) {
            return true;
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256",
                "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA",
                "TLS_ECDH_ECDSA_WITH_AES_128_GCM_SHA256",
                "TLS_RSA_WITH_AES_128_GCM_SHA256"
            })
    void suitesWithoutForwardSecrecyOrAuthenticatedEncryptionAreRefused(String suite) throws Exception {
        try (SSLSocket socket = socket(trust)) {
            socket.setEnabledProtocols(new String[] {"TLSv1.2"});
            socket.setEnabledCipherSuites(new String[] {suite});
            assertThrows(IOException.class, socket::startHandshake);
        }
    }

    @Test
    void aHandshakeThatDoesNotEndIsGivenUp() throws Exception {
        for (String partial : List.of("", "\u0016", clientHello(3).substring(0, 20))) {
            try (RawClient raw = new RawClient(node.port())) {
                raw.send(partial);
                raw.awaitEnd();
            }
        }
    }

    @Test
    void aConnectionOfHttp2ThatAsksNothingIsEnded() throws Exception {
        try (SSLSocket socket = socket(trust)) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setApplicationProtocols(new String[] {"h2"});
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            assertEquals("h2", socket.getApplicationProtocol());
            byte[] emptySettings = {0, 0, 0, 4, 0, 0, 0, 0, 0};
            socket.getOutputStream().write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().write(emptySettings);
            socket.getInputStream().transferTo(OutputStream.nullOutputStream());
        }
    }

    @Test
    @Needs("chromium")
    void aBrowserShowsWhatHappensOverHttp2() throws Exception {
        try (Chromium chromium = new Chromium()) {
            Page page = chromium.page(1280, 900);
            page.navigate("https://localhost:" + node.port() + "/?ticket="
                    + node.gateway().ticket());
            assertThat(page.locator("#light")).hasText(Pattern.compile("real-time", Pattern.CASE_INSENSITIVE));
            publish("many/browser", "1");
            assertEquals("h2", page.evaluate("performance.getEntriesByType('navigation')[0].nextHopProtocol"));
            assertEquals(List.of(), chromium.errors());
        }
    }

    @Test
    void withoutTlsThereIsNoHttp2() throws Exception {
        try (TestNode plain = TestNode.start(folder.resolve("plain"));
                RawClient known = new RawClient(plain.port());
                RawClient upgrade = new RawClient(plain.port())) {
            assertEquals(
                    505,
                    known.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").response().status());
            assertEquals(
                    200,
                    upgrade.send(
                                    """
                                    GET /health HTTP/1.1\r
                                    Host: a\r
                                    Connection: Upgrade, HTTP2-Settings\r
                                    Upgrade: h2c\r
                                    HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r
                                    \r
                                    """)
                            .response()
                            .status());
            assertFalse(upgrade.hasInput());
        }
    }

    private void publish(String topic, String data) throws Exception {
        HttpResponse<String> response = client.send(
                get("/api/events")
                        .header("Content-Type", "application/json")
                        .header("Authorization", node.publisher().replaceFirst("Authorization: ", ""))
                        .POST(BodyPublishers.ofString(
                                "{\"topic\":\"" + topic + "\",\"type\":\"t\",\"data\":" + data + "}"))
                        .build(),
                BodyHandlers.ofString());
        assertEquals(200, response.statusCode(), response.body());
    }

    private HttpRequest stream(String path) {
        return get(path)
                .header("Accept", "text/event-stream")
                .header("Authorization", node.viewer().replaceFirst("Authorization: ", ""))
                .build();
    }

    private HttpRequest.Builder get(String path) {
        return HttpRequest.newBuilder(URI.create("https://localhost:" + node.port() + path));
    }

    private static String next(TestStream stream) throws InterruptedException {
        EventStreamParser.Message message = stream.next();
        while (message.type().equals("heartbeat")) {
            message = stream.next();
        }
        return message.data();
    }

    private static String await(Iterator<String> lines, String start) {
        String line = lines.next();
        while (!line.startsWith(start)) {
            line = lines.next();
        }
        return line;
    }

    private SSLSocket socket(SSLContext trusting) throws IOException {
        SSLSocket socket = (SSLSocket) trusting.getSocketFactory().createSocket("127.0.0.1", node.port());
        socket.setSoTimeout((int) TIMEOUT.toMillis());
        return socket;
    }

    private String serial(SSLContext trusting) throws IOException {
        try (SSLSocket socket = socket(trusting)) {
            socket.startHandshake();
            return ((X509Certificate) socket.getSession().getPeerCertificates()[0])
                    .getSerialNumber()
                    .toString(16);
        }
    }

    /** Returns a minimal ClientHello with the legacy version 3.{@code minor}, which is TLS 1.{@code minor - 1}. */
    private static String clientHello(int minor) {
        String hello = "\u0003" + (char) minor + "r".repeat(32) + "\u0000\u0000\u0004\u00c0\u0013\u0000/\u0001\u0000";
        String handshake = "\u0001\u0000\u0000" + (char) hello.length() + hello;
        return "\u0016\u0003\u0001\u0000" + (char) handshake.length() + handshake;
    }
}
