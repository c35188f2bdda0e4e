package io.tidegate.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.tidegate.fixture.ChildNode;
import io.tidegate.fixture.RawClient;
import io.tidegate.fixture.RawClient.Answer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests an origin whose name resolves to two addresses, of which only the second accepts connections. */
@Timeout(120)
class SeveralAddressesTest {

    private final BlockingQueue<String> asked = new LinkedBlockingQueue<>();

    @Test
    void requestsProbesAndWatchesReachTheOneThatListens(@TempDir Path folder) throws Exception {
        HttpServer origin = HttpServer.create(new InetSocketAddress(InetAddress.getByName("::1"), 0), 0);
        origin.createContext("/", exchange -> {
            asked.add(exchange.getRequestURI().getPath());
            byte[] body = "[]".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        origin.start();
        Path hosts = Files.writeString(folder.resolve("hosts"), "127.0.0.1 application\n::1 application\n");
        Files.writeString(
                Files.createDirectory(folder.resolve("conf")).resolve("tidegate.yaml"),
                """
                origins:
                  - prefix: /
                    url: http://application:%d
                    health: {path: /probe}
                watches:
                  - {kind: sessions, origin: /, path: /list, every: 1s}
                """
                        .formatted(origin.getAddress().getPort()));
        try (ChildNode node =
                ChildNode.start(folder, ":", List.of("-XX:TieredStopAtLevel=1", "-Djdk.net.hosts.file=" + hosts))) {
            node.awaitLog("event=origin-address-failed host=application address=127.0.0.1:");
            try (RawClient client = new RawClient(node.port())) {
                client.send("GET /request HTTP/1.1\r\nHost: localhost\r\n\r\n");
                Answer answer = client.response();
                assertEquals(200, answer.status());
            }
            Set<String> missing = new HashSet<>(Set.of("/request", "/probe", "/list"));
            while (!missing.isEmpty()) {
                String next = asked.poll(30, TimeUnit.SECONDS);
                assertTrue(next != null, () -> "not asked for " + missing);
                missing.remove(next);
            }
        } finally {
            origin.stop(0);
        }
    }
}
