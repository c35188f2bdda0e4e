package io.tidegate.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.fixture.TestNode;
import io.tidegate.fixture.TestStream;
import io.tidegate.fixture.Tmpfs;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests a node whose disk is full. */
class FullDiskTest {

    private static final String LARGE = "\"" + "x".repeat(50_000) + "\"";

    @Test
    void publishersAreRefusedReadersAreServedAndSpaceIsAllItTakesToRecover(@TempDir Path temp) throws Exception {
        try (Tmpfs disk = Tmpfs.mount(temp.resolve("data"), "12m")) {
            Path data = disk.folder();
            Path filler = data.resolve("filler");
            Files.write(filler, new byte[6 << 20]);
            try (TestNode node = TestNode.start(data);
                    TestStream stream = node.stream("/api/events?topics=chat")) {
                JsonObject first = node.publish("chat", "said", "1");
                HttpResponse<String> refused = fill(node);
                assertEquals(507, refused.statusCode(), refused.body());
                assertEquals("storage-full", new JsonObject(refused.body()).getString("code"));

                assertEquals(
                        200, node.get("/api/events?topics=chat&since=oldest").statusCode());
                assertEquals(
                        first.getString("cursor"),
                        new JsonObject(node.get("/api/events?topics=chat&since=oldest")
                                        .body())
                                .getJsonArray("events")
                                .getJsonObject(0)
                                .getString("cursor"));

                Files.delete(filler);
                JsonObject after = node.publish("chat", "said", "2");
                assertEquals(first.getString("cursor"), stream.next().lastEventId());
                assertEquals(after.getString("cursor"), stream.next().lastEventId());
                assertTrue(node.get("/ready").statusCode() == 200);
            }
        }
    }

    private static HttpResponse<String> fill(TestNode node) throws Exception {
        String body = "{\"topic\":\"ballast\",\"type\":\"said\",\"data\":" + LARGE + "}";
        for (int i = 0; i < 400; i++) {
            HttpResponse<String> response = node.send("POST", "/api/events", body);
            if (response.statusCode() != 200) {
                return response;
            }
        }
        throw new AssertionError("the disk did not fill up");
    }
}
