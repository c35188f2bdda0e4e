package io.tidegate.nginx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.fixture.Needs;
import io.tidegate.fixture.RawClient;
import io.tidegate.fixture.TestNginx;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.junit5.VertxExtension;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests which parts of a request nginx forwards. A server in place of the gateway echoes the requests that it receives.
 */
@Needs("nginx")
@Timeout(60)
@SuppressWarnings("NullAway.Init") // the fields are set before each test
@ExtendWith(VertxExtension.class)
class NginxPassesTest {

    @TempDir
    private Path folder;

    private final AtomicInteger connections = new AtomicInteger();
    private TestNginx nginx;

    @BeforeEach
    void start(Vertx vertx) throws Exception {
        HttpServer server = vertx.createHttpServer()
                .connectionHandler(connection -> connections.incrementAndGet())
                .requestHandler(NginxPassesTest::echo)
                .listen(0, "127.0.0.1")
                .await(20, TimeUnit.SECONDS);
        nginx = TestNginx.inFrontOf(server.actualPort(), folder);
    }

    @AfterEach
    void stop() throws Exception {
        nginx.close();
    }

    @Test
    void oneConnectionServesOneRequestAfterAnother() throws Exception {
        for (int i = 0; i < 10; i++) {
            assertFalse(forwarded("").contains("connection: close"));
        }
        assertEquals(1, connections.get());
    }

    @Test
    void ofUpgradesWebSocketAloneIsPassedOn() throws Exception {
        String webSocket = forwarded("Connection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n");
        assertTrue(webSocket.contains("upgrade: websocket\n"), webSocket);
        assertTrue(webSocket.contains("connection: upgrade\n"), webSocket);
        for (String other : new String[] {"h2c", "h2c, websocket", "websocketx", "TLS/1.0"}) {
            String passed = forwarded("Connection: Upgrade, HTTP2-Settings\r\nUpgrade: " + other + "\r\n");
            assertFalse(passed.contains("upgrade"), passed);
        }
    }

    @Test
    void whoTheClientIsNginxAloneSays() throws Exception {
        String passed = forwarded(
                """
                X-Forwarded-For: 203.0.113.9\r
                X_Forwarded_For: 203.0.113.9\r
                Forwarded: for=203.0.113.9\r
                X-Forwarded-Proto: https\r
                """);
        assertTrue(passed.contains("x-forwarded-for: 127.0.0.1\n"), passed);
        assertTrue(passed.contains("x-forwarded-proto: http\n"), passed);
        assertFalse(passed.contains("203.0.113.9"), passed);
    }

    @Test
    void aPathIsPassedOnAsItCame() throws Exception {
        for (String path : new String[] {"/a//b", "/a/%2e%2e/b", "/a%2Fb", "/a/../b?c=%20"}) {
            assertTrue(forwarded(path, "").startsWith("get " + path.toLowerCase(Locale.ROOT) + "\n"), path);
        }
    }

    private String forwarded(String headers) throws Exception {
        return forwarded("/", headers);
    }

    private String forwarded(String path, String headers) throws Exception {
        try (RawClient client = new RawClient(nginx.port())) {
            client.send("GET " + path + " HTTP/1.1\r\nHost: a\r\n" + headers + "\r\n");
            return client.response().body().toLowerCase(Locale.ROOT);
        }
    }

    private static void echo(HttpServerRequest request) {
        StringBuilder head = new StringBuilder(request.method() + " " + request.uri() + "\n");
        request.headers()
                .forEach((name, value) ->
                        head.append(name).append(": ").append(value).append('\n'));
        request.response().end(head.toString());
    }
}
