package io.tidegate.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.tidegate.config.ConfigProblem;
import io.tidegate.config.ConfigReader;
import io.tidegate.config.ConfigResult;
import io.tidegate.config.Environment;
import io.tidegate.fixture.TestNode;
import io.tidegate.fixture.TestSettings;
import io.tidegate.node.Settings;
import io.tidegate.proxy.origin.Origin;
import io.vertx.core.json.JsonObject;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests a complete node in front of a service: the information that the operator sees and that the service must not
 * see.
 */
@Timeout(120)
class OriginsTest {

    private final Path folder;
    private final HttpServer service = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    private TestNode node;

    OriginsTest(@TempDir Path folder) throws Exception {
        this.folder = folder;
    }

    @BeforeEach
    void start() throws Exception {
        service.createContext("/", exchange -> {
            byte[] body = exchange.getRequestURI().toString().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        service.start();
        List<Origin> origins = List.of(
                new Origin(
                        "/shop",
                        URI.create("http://127.0.0.1:" + service.getAddress().getPort())),
                new Origin("/down", URI.create("http://127.0.0.1:1")));
        node = TestNode.start(TestSettings.in(folder).origins(origins).build());
    }

    @AfterEach
    void stop() {
        node.close();
        service.stop(0);
    }

    @Test
    void itsOperatorSeesHowOriginsAreAndWhatBecameOfRequests() throws Exception {
        assertEquals(200, node.get("/shop/cart").statusCode());
        for (int i = 0; i < 12; i++) {
            // The requests reach each event loop. The state of a server is shared by all event loops.
            assertEquals(502, node.get("/down").statusCode());
        }
        HttpResponse<String> ready = node.management("/ready");
        assertEquals(200, ready.statusCode());
        JsonObject dependencies = new JsonObject(ready.body()).getJsonObject("dependencies");
        assertEquals("UP", dependencies.getString("origin /shop"));
        assertEquals("DOWN", dependencies.getString("origin /down"));
        String metrics = node.management("/metrics").body();
        assertTrue(
                metrics.contains("origin_requests_total{lane=\"requests\",origin=\"/shop\",outcome=\"answered\"} 1.0"),
                metrics);
        assertTrue(
                metrics.contains(
                        "origin_requests_total{lane=\"requests\",origin=\"/down\",outcome=\"unreachable\"} 12.0"),
                metrics);
        assertTrue(metrics.contains("origin_servers{origin=\"/down\",state=\"ejected\"} 1.0"), metrics);
        assertTrue(metrics.contains("origin_active{lane=\"requests\",origin=\"/shop\"} 0.0"), metrics);
    }

    @Test
    void aTicketOfTheGatewayDoesNotReachAnOrigin() throws Exception {
        String ticket = new JsonObject(node.send("POST", "/api/ticket", "").body()).getString("ticket");
        assertEquals("/shop?a=1", node.get("/shop?a=1&ticket=" + ticket).body());
    }

    @Test
    void whatAnOriginMayBeIsReadFromItsKeys() throws Exception {
        Path file = Files.writeString(
                folder.resolve("origins.yaml"),
                """
                origins:
                  - prefix: /a
                    url: http://10.0.0.1
                    replicas: ["http://10.0.0.2", "http://10.0.0.3"]
                    strip-prefix: true
                    relocate: false
                    host: origin
                    balance: least-requests
                    retries: 2
                    requests: {answer: 5m, connections: 7}
                    streams: {idle: 0s}
                    health: {path: /health}
                    ejection: {failures: 0}
                  - prefix: /b
                    url: http://10.0.0.1
                    replicas: ["ftp://x"]
                    requests: {connect: 31s}
                    health: {path: health}
                """);
        assertEquals(
                List.of("origins[1].requests.connect", "origins[1].health.path", "origins[1].replicas[0]"),
                problems(file));
    }

    private static List<String> problems(Path file) {
        var result = new ConfigReader<>(Settings.DEFAULTS)
                .read(Optional.of(file), new Environment("TIDEGATE_", Set.of(), Map.of()), List.of());
        return result instanceof ConfigResult.Bad<Settings> bad
                ? bad.problems().stream().map(ConfigProblem::path).toList()
                : List.of();
    }
}
