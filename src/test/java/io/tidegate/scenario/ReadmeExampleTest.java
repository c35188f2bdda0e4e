package io.tidegate.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.tidegate.config.ConfigReader;
import io.tidegate.config.ConfigResult;
import io.tidegate.config.Environment;
import io.tidegate.fixture.TestNode;
import io.tidegate.fixture.TestSettings;
import io.tidegate.fixture.TestStream;
import io.tidegate.node.Settings;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs the example configuration of the README in front of a small application. */
@Timeout(120)
class ReadmeExampleTest {

    private static final Pattern EXAMPLE = Pattern.compile("```yaml\n(origins:.*?)```", Pattern.DOTALL);

    private final StringBuilder sessions = new StringBuilder("{\"id\":\"s1\"}");

    @Test
    void theApplicationKeepsItsPathsAndGetsLiveUpdates(@TempDir Path folder) throws Exception {
        HttpServer application = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        application.createContext("/", exchange -> respond(exchange, "the application"));
        application.createContext("/api/sessions", this::sessions);
        application.start();
        Settings example = example(folder, application.getAddress().getPort());
        TestSettings settings = TestSettings.in(folder.resolve("data"))
                .origins(example.origins())
                .watches(example.watches().get(0))
                .taps(example.taps())
                .auth(example.auth());
        try (TestNode node = TestNode.start(settings.build());
                TestStream stream = TestStream.open(node.port(), "/api/sse/sessions")) {
            for (String path : List.of("/", "/health", "/ready", "/client.js", "/api/sessionsx")) {
                assertEquals("the application", node.send(node.request(path)).body(), path);
            }
            assertTrue(node.send(node.request("/_tidegate/client.js")).body().contains("export function connect"));
            stream.awaitBody("\"s1\"");
            assertTrue(node.send(node.request("/api/sessions")).body().contains("\"s1\""));
            assertEquals(
                    "{\"id\":\"s2\"}",
                    node.send(node.request("/api/sessions").POST(BodyPublishers.ofString("{}")))
                            .body());
            stream.awaitBody("\"s2\"");
            assertTrue(stream.body().contains("session_created"));
        } finally {
            application.stop(0);
        }
    }

    private synchronized void sessions(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        if (!exchange.getRequestURI().getPath().equals("/api/sessions")) {
            respond(exchange, "the application");
        } else if (exchange.getRequestMethod().equals("POST")) {
            JsonObject created = new JsonObject().put("id", "s2");
            sessions.append(',').append(created);
            respond(exchange, created.encode());
        } else {
            respond(exchange, "[" + sessions + "]");
        }
    }

    private static void respond(HttpExchange exchange, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    /** Reads the configuration as printed in the README, with the application's port. */
    private static Settings example(Path folder, int port) throws IOException {
        Matcher printed = EXAMPLE.matcher(Files.readString(Path.of("README.md")));
        assertTrue(printed.find());
        Path file = Files.writeString(
                folder.resolve("example.yaml"), printed.group(1).replace("127.0.0.1:3000", "127.0.0.1:" + port));
        ConfigResult<Settings> result = new ConfigReader<>(Settings.DEFAULTS)
                .read(Optional.of(file), new Environment("TIDEGATE_", Set.of(), Map.of()), List.of());
        if (result instanceof ConfigResult.Ok<Settings> valid) {
            return valid.settings();
        }
        throw new AssertionError(result);
    }
}
