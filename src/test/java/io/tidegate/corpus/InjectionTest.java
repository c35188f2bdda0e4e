package io.tidegate.corpus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.fixture.EventStreamParser.Message;
import io.tidegate.fixture.Needs;
import io.tidegate.fixture.RawClient;
import io.tidegate.fixture.TestNginx;
import io.tidegate.fixture.TestNode;
import io.tidegate.fixture.TestStream;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Checks that each event is sent as exactly one event, whatever text it contains. */
@Timeout(120)
class InjectionTest {

    private static final List<String> TEXTS = Stream.of(
                    "\r", "\n", "\r\n", "\0", "\u0085", "\u2028", "\u2029", "\uFEFF")
            .flatMap(end -> Stream.of(
                    end + "id: 7",
                    "a" + end + end + "event: gateway.goodbye" + end + "data: {}" + end + end,
                    end + ": comment" + end + "retry: 1" + end,
                    end))
            .toList();

    @Test
    void straight(@TempDir Path data) throws Exception {
        try (TestNode node = TestNode.start(data)) {
            comesOutWhole(node, node.port());
        }
    }

    @Needs("nginx")
    @Test
    void throughNginx(@TempDir Path folder) throws Exception {
        try (TestNode node = TestNode.start(folder.resolve("data"));
                TestNginx nginx = TestNginx.inFrontOf(node.port(), folder)) {
            comesOutWhole(node, nginx.port());
        }
    }

    private static void comesOutWhole(TestNode node, int port) throws Exception {
        try (TestStream named = TestStream.open(port, "/api/events?topics=a", node.viewer());
                TestStream envelopes = TestStream.open(port, "/api/events?topics=a&framing=envelope", node.viewer())) {
            named.awaitBody("retry: ");
            envelopes.awaitBody("retry: ");
            long retry = named.retryMillis();
            for (String text : TEXTS) {
                JsonObject data = new JsonObject().put("text", text).put(text + "name", 1);
                publish(port, node, data);
                Message event = named.next();
                assertEquals("t", event.type());
                assertEquals(data, new JsonObject(event.data()));
                JsonObject envelope = new JsonObject(envelopes.next().data());
                assertEquals(data, envelope.getJsonObject("payload"));
                assertNotEquals("7", named.lastEventId());
            }
            assertEquals(retry, named.retryMillis());
            assertTrue(named.arrived().isEmpty());
        }
    }

    private static void publish(int port, TestNode node, JsonObject data) throws Exception {
        String body = Http.event("a", "t", data.encode());
        byte[] utf8 = body.getBytes(StandardCharsets.UTF_8);
        String bytes = new String(utf8, StandardCharsets.ISO_8859_1);
        try (RawClient client = new RawClient(port)) {
            String request = Http.send("POST", "/api/events", "application/json", bytes, node.publisher());
            assertEquals(200, client.send(request).response().status());
        }
    }
}
