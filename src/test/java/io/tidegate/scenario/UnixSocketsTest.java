package io.tidegate.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.adapter.tap.Tap;
import io.tidegate.adapter.watch.Watch;
import io.tidegate.config.ConfigProblem;
import io.tidegate.config.ConfigReader;
import io.tidegate.config.ConfigResult;
import io.tidegate.config.Environment;
import io.tidegate.event.Kind;
import io.tidegate.fixture.Needs;
import io.tidegate.fixture.TestNginx;
import io.tidegate.fixture.TestNode;
import io.tidegate.fixture.TestOrigin;
import io.tidegate.fixture.TestSettings;
import io.tidegate.fixture.TestStream;
import io.tidegate.http.HttpOptions;
import io.tidegate.node.Settings;
import io.tidegate.proxy.origin.Ejection;
import io.tidegate.proxy.origin.Health;
import io.tidegate.proxy.origin.Origin;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Tests a complete node that listens on a Unix socket, in front of an application that does so too. */
@Timeout(120)
@ExtendWith(VertxExtension.class)
class UnixSocketsTest {

    private static final String REQUEST =
            "GET /page HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 203.0.113.7\r\nConnection: close\r\n\r\n";

    private final Path folder;
    private final Path listener;
    private final Path application;
    private final Set<String> requested = ConcurrentHashMap.newKeySet();

    UnixSocketsTest(@TempDir Path folder) {
        this.folder = folder;
        this.listener = folder.resolve("tidegate.sock");
        this.application = folder.resolve("app.sock");
    }

    @BeforeEach
    void startApplication(Vertx vertx) throws Exception {
        vertx.createHttpServer()
                .requestHandler(this::respond)
                .listen(SocketAddress.domainSocketAddress(application.toString()))
                .await(20, TimeUnit.SECONDS);
    }

    private void respond(HttpServerRequest request) {
        requested.add(request.path());
        switch (request.path()) {
            case "/list" -> request.response().end("[{\"id\":\"s1\"}]");
            case "/items/a" -> request.response().end("{\"part_number\":\"a\"}");
            default -> request.response().end("client " + request.getHeader("X-Forwarded-For"));
        }
    }

    @Needs("nginx")
    @Test
    void nginxAndTheApplicationAreConnectedThroughThem() throws Exception {
        int port = TestNginx.freePort();
        try (TestNode node = start("unix");
                TestNginx nginx = TestNginx.serving(Files.createDirectory(folder.resolve("nginx")), port, site(port));
                TestStream stream = TestStream.open(
                        nginx.port(), "/_tidegate/api/events?topics=sessions,items&since=oldest", node.viewer())) {
            assertEquals("client 203.0.113.7", get("http://127.0.0.1:" + port + "/page"));
            stream.awaitBody("event: gateway.resume");
            stream.next();
            String watched = stream.next().data();
            assertTrue(watched.contains("\"s1\""), watched);
            URI item = URI.create("http://127.0.0.1:" + port + "/items/a");
            HttpRequest change = HttpRequest.newBuilder(item)
                    .POST(BodyPublishers.ofString("{}"))
                    .build();
            HttpClient.newHttpClient().send(change, BodyHandlers.ofString());
            String tapped = stream.next().data();
            assertTrue(tapped.contains("\"part_number\""), tapped);
            assertTrue(requested.contains("/probe"), () -> "requested " + requested);
        }
    }

    private static String get(String url) throws Exception {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString())
                .body();
    }

    @Test
    void withoutUnixAmongTrustedProxiesItsFieldsAreNotTrusted() throws Exception {
        try (TestNode node = start("127.0.0.0/8")) {
            String response = request();
            assertTrue(response.endsWith("client 127.0.0.1"), response);
        }
    }

    @Test
    void theSocketHasItsPermissionsAndIsRemovedAtTheStop() throws Exception {
        try (ServerSocketChannel killed = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            killed.bind(UnixDomainSocketAddress.of(listener));
        }
        assertTrue(Files.exists(listener), "a closed socket leaves its file");
        try (TestNode node = start("unix")) {
            assertEquals("rw-rw----", PosixFilePermissions.toString(Files.getPosixFilePermissions(listener)));
            assertTrue(request().endsWith("client 203.0.113.7"));
        }
        assertFalse(Files.exists(listener));
    }

    @Test
    void aSocketThatIsInUseIsNotTakenOver() throws Exception {
        try (TestNode node = start("unix")) {
            Settings second = settings("second", "unix");
            Exception refused = assertThrows(Exception.class, () -> TestNode.start(second));
            assertTrue(String.valueOf(refused.getMessage()).contains("another process listens"), refused::toString);
            assertTrue(request().startsWith("HTTP/1.1 200"));
        }
    }

    @Test
    void anotherFileIsKept() throws Exception {
        Files.writeString(listener, "precious");
        Exception refused = assertThrows(Exception.class, () -> start("unix"));
        assertTrue(String.valueOf(refused.getMessage()).contains("not a socket"), refused::toString);
        assertEquals("precious", Files.readString(listener));
    }

    @Test
    void thePathAndThePermissionsAreChecked() throws Exception {
        Path file = Files.writeString(
                folder.resolve("bad.yaml"), "http: {host: \"unix:relative.sock\", socket-mode: \"0660\"}\n");
        assertEquals(List.of("http.host"), problems(file));
        Files.writeString(file, "http: {host: \"unix:/run/a.sock\", socket-mode: \"0999\"}\n");
        assertEquals(List.of("http.socket-mode"), problems(file));
    }

    private static List<String> problems(Path file) throws Exception {
        var result = new ConfigReader<>(Settings.DEFAULTS)
                .read(Optional.of(file), new Environment("TIDEGATE_", Set.of(), Map.of()), List.of());
        return result instanceof ConfigResult.Bad<Settings> bad
                ? bad.problems().stream().map(ConfigProblem::path).toList()
                : List.of();
    }

    private TestNode start(String trusted) throws Exception {
        return TestNode.start(settings("data", trusted));
    }

    private Settings settings(String data, String trusted) {
        Origin origin = new Origin("/", URI.create("unix:" + application));
        return TestSettings.in(folder.resolve(data))
                .http(new HttpOptions("unix:" + listener, 8080, 2, HttpOptions.DEFAULTS.maxBody(), List.of(trusted)))
                .origins(TestOrigin.choosing(
                        origin,
                        origin.balance(),
                        0,
                        new Health("/probe", Duration.ofSeconds(1), Duration.ofSeconds(5), 3, 1),
                        Ejection.DEFAULTS))
                .watches(new Watch(Kind.SESSIONS, "/", "/list"))
                .taps(List.of(new Tap("POST /items/{part}", "items", "item.created")))
                .build();
    }

    private String request() throws IOException {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(listener))) {
            channel.write(ByteBuffer.wrap(REQUEST.getBytes(StandardCharsets.ISO_8859_1)));
            return new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    private String site(int port) {
        return """
                server {
                    listen 127.0.0.1:%d;
                    access_log off;
                    location / {
                        proxy_pass http://unix:%s:;
                        proxy_http_version 1.1;
                        proxy_buffering off;
                        proxy_set_header Host $host;
                        proxy_set_header X-Forwarded-For 203.0.113.7;
                    }
                }
                """
                .formatted(port, listener);
    }
}
