package io.tidegate.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tidegate.fixture.RawClient;
import io.tidegate.fixture.TestNode;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests the order of responses to a publishing client, and what the client can conclude from it. */
class PublishOrderTest {

    private static final int COUNT = 50;

    @TempDir
    private Path data;

    @Test
    void publishesThatAreSentTogetherAreCommittedAndAnsweredInTheirOrder() throws Exception {
        try (TestNode node = TestNode.start(data);
                RawClient client = new RawClient(node.port())) {
            StringBuilder sent = new StringBuilder();
            for (int i = 0; i < COUNT; i++) {
                sent.append(publish(node, i == 7 ? "{" : "{\"topic\":\"t\",\"type\":\"n\",\"data\":" + i + "}"));
            }
            client.send(sent + "GET /api/events?limit=1000 HTTP/1.1\r\nHost: h\r\n" + node.viewer() + "\r\n\r\n");
            List<String> acknowledged = new ArrayList<>();
            for (int i = 0; i < COUNT; i++) {
                RawClient.Answer answer = client.response();
                assertEquals(i == 7 ? 400 : 200, answer.status());
                if (i != 7) {
                    acknowledged.add(answer.json().getString("cursor"));
                }
            }
            JsonArray events = client.response().json().getJsonArray("events");
            List<String> cursors = new ArrayList<>();
            List<Integer> numbers = new ArrayList<>();
            events.stream().map(JsonObject.class::cast).forEach(event -> {
                cursors.add(event.getString("cursor"));
                numbers.add(event.getInteger("data"));
            });
            assertEquals(acknowledged, cursors);
            assertEquals(numbers.stream().sorted().toList(), numbers);
        }
    }

    private static String publish(TestNode node, String body) {
        return "POST /api/events HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n" + node.publisher()
                + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }
}
