package io.tidegate.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.net.httpserver.HttpServer;
import io.tidegate.fixture.TestNode;
import io.tidegate.fixture.TestSettings;
import io.tidegate.proxy.origin.Origin;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests that the gateway keeps its own paths in front of an origin that owns all other paths. */
@Timeout(120)
class OwnPathsTest {

    private static final String SERVICE = "the service";

    @Test
    void everyRouteOfOursStaysOursBeforeAnOriginOfEverything(@TempDir Path folder) throws Exception {
        HttpServer service = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        service.createContext("/", exchange -> {
            exchange.getResponseHeaders().set("X-Answered-By", SERVICE);
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        service.start();
        List<Origin> origins = List.of(new Origin(
                "/", URI.create("http://127.0.0.1:" + service.getAddress().getPort())));
        try (TestNode node =
                TestNode.start(TestSettings.in(folder).origins(origins).build())) {
            for (String own : List.of(
                    "/health",
                    "/ready",
                    "/api/events",
                    "/api/sessions",
                    "/api/deploys",
                    "/api/instances",
                    "/api/items",
                    "/api/sse/sessions",
                    "/api/deploys/d1/logs",
                    "/api/streams",
                    "/events/d1",
                    "/deployment/d1",
                    "/",
                    "/lab",
                    "/client.js",
                    "/%68ealth")) {
                assertEquals("", answeredBy(node, own), own);
            }
            for (String of : List.of("/healthy", "/x", "/x/health", "/api", "/api/", "/api/cart", "/api/cart/events")) {
                assertEquals(SERVICE, answeredBy(node, of), of);
            }
        } finally {
            service.stop(0);
        }
    }

    private static String answeredBy(TestNode node, String path) throws Exception {
        // The request has no token, so that no stream opens.
        return node.send(node.request(path))
                .headers()
                .firstValue("X-Answered-By")
                .orElse("");
    }
}
