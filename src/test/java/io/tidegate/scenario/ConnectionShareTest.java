package io.tidegate.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.edge.overload.OverloadOptions;
import io.tidegate.fixture.RawClient;
import io.tidegate.fixture.TestNode;
import io.tidegate.fixture.TestSettings;
import io.tidegate.http.HttpOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests that no single address can exhaust the connections available to other clients. Each client in the tests has its
 * own address.
 */
@Timeout(60)
class ConnectionShareTest {

    private static final int SHARE = 3;
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private final TestSettings settings;

    ConnectionShareTest(@TempDir Path data) {
        settings = TestSettings.in(data).overload(new OverloadOptions(90, 90, 10, 25, 100, SHARE, true));
    }

    @Test
    void anAddressWithItsShareIsRefusedWhileOthersAreServed() throws Exception {
        List<RawClient> open = new ArrayList<>();
        try (TestNode node = TestNode.start(settings.http(trusting(List.of())).build())) {
            for (int i = 0; i < SHARE; i++) {
                open.add(new RawClient("127.0.0.2", node.port()));
                assertEquals(200, health(open.get(i)));
            }
            assertTrue(isRefused("127.0.0.2", node));
            for (RawClient client : open) {
                assertEquals(200, health(client), "a refusal must not concern the connections that are open");
            }
            assertEquals(200, health("127.0.0.3", node));
            String metrics = node.management("/metrics").body();
            assertTrue(metrics.contains("overload_connections_refused_total{limit=\"address\"} 1.0"), metrics);

            open.remove(0).close();
            long end = System.nanoTime() + TIMEOUT.toNanos();
            while (isRefused("127.0.0.2", node)) {
                assertTrue(System.nanoTime() < end, "the connection that was closed is still counted");
            }
        } finally {
            for (RawClient client : open) {
                client.close();
            }
        }
    }

    @Test
    void aTrustedProxyHasNoShare() throws Exception {
        List<RawClient> open = new ArrayList<>();
        try (TestNode node =
                TestNode.start(settings.http(trusting(List.of("127.0.0.2"))).build())) {
            for (int i = 0; i < 2 * SHARE; i++) {
                open.add(new RawClient("127.0.0.2", node.port()));
                assertEquals(200, health(open.get(i)));
            }
        } finally {
            for (RawClient client : open) {
                client.close();
            }
        }
    }

    private static HttpOptions trusting(List<String> proxies) {
        return new HttpOptions("127.0.0.1", 0, 2, HttpOptions.DEFAULTS.maxBody(), proxies);
    }

    private static boolean isRefused(String address, TestNode node) throws IOException {
        try (RawClient client = new RawClient(address, node.port())) {
            return client.send("GET /health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                    .rest()
                    .isEmpty();
        } catch (IOException reset) {
            return true;
        }
    }

    private static int health(String address, TestNode node) throws IOException {
        try (RawClient client = new RawClient(address, node.port())) {
            return health(client);
        }
    }

    private static int health(RawClient client) throws IOException {
        return client.send("GET /health HTTP/1.1\r\nHost: a\r\n\r\n").response().status();
    }
}
