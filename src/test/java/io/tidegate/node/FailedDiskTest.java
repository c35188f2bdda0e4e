package io.tidegate.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.event.Cursor;
import io.tidegate.fixture.EventStreamParser.Message;
import io.tidegate.fixture.LoopDisk;
import io.tidegate.fixture.Needs;
import io.tidegate.fixture.TestNode;
import io.tidegate.fixture.TestStream;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests a running node whose file system fails and is then mounted again. */
@Timeout(120)
@Needs("mount")
class FailedDiskTest {

    @Test
    void afterTheDiskFailedNoAcknowledgedCursorHasASecondMeaningAndOpenStreamsKnow(@TempDir Path folder)
            throws Exception {
        try (LoopDisk disk = LoopDisk.mount(folder.resolve("data"));
                TestNode node = TestNode.start(folder.resolve("data"));
                TestStream stream = node.stream("/api/events?topics=a")) {
            List<Cursor> acknowledged = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                acknowledged.add(cursor(publish(node, i)));
            }
            assertEquals(20, stream.next(20).size());
            disk.fail();
            assertEquals(503, publish(node, 20).statusCode());
            assertEquals(503, publish(node, 20).statusCode());
            disk.replace();
            Cursor next = cursor(await(node));
            assertNotEquals(acknowledged.get(0).epoch(), next.epoch());

            Message fresh = stream.next();
            assertEquals("gateway.resume", fresh.type());
            assertEquals("fresh", new JsonObject(fresh.data()).getString("status"));
            assertEquals(next.epoch(), Cursor.parse(fresh.lastEventId()).epoch());
            assertEquals(List.of(), stream.rest());
            try (TestStream resumed = node.stream("/api/events?topics=a", "Last-Event-ID: " + fresh.lastEventId())) {
                assertEquals("continued", new JsonObject(resumed.next().data()).getString("status"));
                assertEquals(next.toString(), resumed.next().lastEventId());
            }
            JsonObject old = new JsonObject(node.get("/api/events?topics=a&since=" + acknowledged.get(9))
                    .body());
            assertEquals("fresh", old.getString("resume"));
            JsonArray kept = new JsonObject(node.get("/api/events?topics=a&since=oldest&limit=100")
                            .body())
                    .getJsonArray("events");
            assertTrue(kept.size() >= 21, kept::encode);
            assertEquals(99, kept.getJsonObject(kept.size() - 1).getInteger("data"));
        }
    }

    private static HttpResponse<String> await(TestNode node) throws Exception {
        HttpResponse<String> response = publish(node, 99);
        for (int i = 0; i < 50 && response.statusCode() == 503; i++) {
            response = publish(node, 99);
        }
        return response;
    }

    private static HttpResponse<String> publish(TestNode node, int data) throws Exception {
        return node.send("POST", "/api/events", "{\"topic\":\"a\",\"type\":\"n\",\"data\":" + data + "}");
    }

    private static Cursor cursor(HttpResponse<String> response) {
        assertEquals(200, response.statusCode(), response.body());
        return Cursor.parse(new JsonObject(response.body()).getString("cursor"));
    }
}
