package io.tidegate.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.tidegate.access.Role;
import io.tidegate.fixture.TestNode;
import io.tidegate.fixture.TestStream;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests repeated publishes with an idempotency key. */
class RepeatedPublishTest {

    private static final String EVENT = "{\"topic\":\"chat\",\"type\":\"said\",\"data\":1}";

    @Test
    void aRetryGetsTheFirstAnswerAlsoFromARestartedNodeAndStreamsSeeOneEvent(@TempDir Path data) throws Exception {
        String first;
        try (TestNode node = TestNode.start(data)) {
            first = publish(node, EVENT).body();
            assertEquals(first, publish(node, EVENT).body());
        }
        try (TestNode node = TestNode.start(data);
                TestStream stream = node.stream("/api/events?topics=chat")) {
            HttpResponse<String> again = publish(node, EVENT);
            assertEquals(first, again.body());
            assertEquals(
                    "true", again.headers().firstValue("Idempotent-Replayed").orElse(""));
            HttpResponse<String> other = publish(node, EVENT.replace("1", "2"));
            assertEquals(422, other.statusCode());
            assertEquals("idempotency-mismatch", new JsonObject(other.body()).getString("code"));
            JsonObject next = node.publish("chat", "said", "3");
            assertEquals(next.getString("cursor"), stream.next().lastEventId());
        }
    }

    @Test
    void theKeysOfOnePublisherAreNotThoseOfAnother(@TempDir Path data) throws Exception {
        try (TestNode node = TestNode.start(data)) {
            String mine = publish(node, EVENT).body();
            String token = node.gateway().token("somebody-else", Role.PUBLISHER, Duration.ofHours(1));
            HttpResponse<String> theirs = node.send(node.request("/api/events")
                    .POST(BodyPublishers.ofString(EVENT))
                    .header("Content-Type", "application/json")
                    .header("Authorization", "Bearer " + token)
                    .header("Idempotency-Key", "key"));
            assertEquals(200, theirs.statusCode());
            assertNotEquals(mine, theirs.body());
        }
    }

    private static HttpResponse<String> publish(TestNode node, String event) throws Exception {
        return node.send("POST", "/api/events", event, "Idempotency-Key", "key");
    }
}
