package io.tidegate.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tidegate.fixture.ChildNode;
import io.tidegate.fixture.RawClient;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.junit5.VertxExtension;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Tests clients that request large responses of an origin and do not read them. */
@ExtendWith(VertxExtension.class)
@Timeout(120)
class UnreadResponsesTest {

    private static final int LARGE = 16 << 20;
    private static final String GET = "GET /%s HTTP/1.1\r\nHost: a\r\n\r\n";

    @Test
    void theyTakeLittleMemoryAndAffectNoOtherClient(Vertx vertx, @TempDir Path folder) throws Exception {
        Buffer large = Buffer.buffer(new byte[LARGE]);
        int origin = vertx.createHttpServer()
                .requestHandler(request ->
                        request.response().end(request.path().equals("/large") ? large : Buffer.buffer("small")))
                .listen(0, "127.0.0.1")
                .await(20, TimeUnit.SECONDS)
                .actualPort();
        Files.createDirectories(folder.resolve("conf"));
        Files.writeString(
                folder.resolve("conf/tidegate.yaml"),
                "origins: [{prefix: /, url: \"http://127.0.0.1:%d\"}]\nui: {enabled: false}\n".formatted(origin));
        List<String> smallHeap = List.of("-Xmx48m", "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError");
        List<RawClient> clients = new ArrayList<>();
        try (ChildNode node = ChildNode.start(folder, ":", smallHeap)) {
            for (int i = 0; i < 50; i++) {
                RawClient client = new RawClient(node.port());
                clients.add(client);
                assertEquals(200, client.send(GET.formatted("large")).head().status());
            }
            try (RawClient other = new RawClient(node.port())) {
                for (int i = 0; i < 20; i++) {
                    assertEquals(
                            "small",
                            other.send(GET.formatted("small")).response().body());
                    TimeUnit.MILLISECONDS.sleep(50);
                }
            }
            RawClient last = clients.remove(clients.size() - 1);
            assertEquals(LARGE, last.bytes(LARGE).length());
            last.close();
        } finally {
            for (RawClient client : clients) {
                client.close();
            }
        }
    }
}
