package io.tidegate.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.access.Role;
import io.tidegate.fixture.EventStreamParser;
import io.tidegate.fixture.TestNode;
import io.tidegate.fixture.TestStream;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests how an admin lists and ends the open streams of all event loops. */
@Timeout(120)
class OpenStreamsTest {

    private final Path data;
    private final List<TestStream> streams = new ArrayList<>();
    private TestNode node;

    OpenStreamsTest(@TempDir Path data) {
        this.data = data;
    }

    @BeforeEach
    void start() throws Exception {
        node = TestNode.start(data);
    }

    @AfterEach
    void stop() throws Exception {
        for (TestStream stream : streams) {
            stream.close();
        }
        node.close();
    }

    @Test
    void eachStreamIsListedWithWhoseItIsAndWhatItShows() throws Exception {
        Instant before = Instant.now();
        open("ada", "/api/events?topics=news/**,deploys/42&types=item.*", "X-Forwarded-For: 192.0.2.1");
        open("grace", "/api/sse/sessions");
        List<JsonObject> listed = list("");
        assertEquals(2, listed.size());
        JsonObject ada = listed.get(0);
        assertEquals("ada", ada.getString("subject"));
        assertEquals("192.0.2.1", ada.getString("address"));
        assertEquals("[\"news/**\",\"deploys/42\"]", ada.getJsonArray("topics").encode());
        assertEquals("[\"item.*\"]", ada.getJsonArray("types").encode());
        assertEquals(new JsonObject().put("events", 0).put("millis", 0), ada.getJsonObject("lag"));
        Instant since = Instant.parse(ada.getString("since"));
        assertTrue(
                since.isAfter(before.minusMillis(2))
                        && since.isBefore(Instant.now().plusMillis(2)),
                () -> "" + since);
        assertEquals("grace", listed.get(1).getString("subject"));
        assertEquals("127.0.0.1", listed.get(1).getString("address"));
        assertEquals(1, list("?subject=grace").size());
        assertEquals(0, list("?subject=nobody").size());
    }

    @Test
    void aLongListComesInPagesThatMissNothing() throws Exception {
        for (int i = 0; i < 7; i++) {
            open("ada", "/api/events");
        }
        List<Long> numbers = new ArrayList<>();
        String after = "0";
        for (boolean more = true; more; ) {
            JsonObject page = page("?limit=3&after=" + after);
            page.getJsonArray("streams").forEach(each -> numbers.add(((JsonObject) each).getLong("number")));
            after = numbers.get(numbers.size() - 1).toString();
            more = page.getBoolean("more");
        }
        assertEquals(IntStream.rangeClosed(1, 7).mapToObj(Long::valueOf).toList(), numbers);
        assertFalse(page("?limit=7").getBoolean("more"));
        assertEquals(1, page("?limit=0").getJsonArray("streams").size());
        assertEquals(400, request("GET", "?limit=many").statusCode());
    }

    @Test
    void aReaderThatTakesNothingIsSeenToLag() throws Exception {
        streams.add(TestStream.openStalled(node.port(), "/api/events", token("ada", Role.VIEWER)));
        String large = '"' + "x".repeat(500_000) + '"';
        node.publish("news", "told", large);
        await(() -> {
            node.publish("news", "told", large);
            JsonObject lag = list("").get(0).getJsonObject("lag");
            return lag.getInteger("events") > 1 && lag.getInteger("millis") > 0;
        });
    }

    @Test
    void theStreamsOfASubjectEndAndItsTicketsWithThem() throws Exception {
        for (int i = 0; i < 4; i++) {
            open("ada", "/api/events");
        }
        TestStream other = open("grace", "/api/events");
        String ticket = ticket("ada");
        String kept = ticket("grace");
        TestStream byTicket = TestStream.open(node.port(), "/api/events?ticket=" + ticket);
        streams.add(byTicket);
        HttpResponse<String> response = request("DELETE", "?subject=ada");
        assertEquals(200, response.statusCode());
        assertEquals("{\"streams\":5,\"tickets\":1}", response.body());
        for (TestStream stream : streams) {
            if (stream != other) {
                List<EventStreamParser.Message> last = stream.rest();
                assertEquals("gateway.goodbye", last.get(last.size() - 1).type());
                assertEquals("{\"reason\":\"ended\"}", last.get(last.size() - 1).data());
            }
        }
        node.publish("news", "told", "1");
        assertEquals("told", other.next().type());
        assertEquals(1, list("").size());
        try (TestStream back = TestStream.open(node.port(), "/api/events?ticket=" + ticket);
                TestStream known = TestStream.open(node.port(), "/api/events?ticket=" + kept)) {
            assertEquals(401, back.status());
            assertEquals(200, known.status());
        }
        assertTrue(node.management("/metrics").body().contains("kind=\"other\",reason=\"ended\"} 5.0"));
    }

    @Test
    void toEndStreamsSomebodyHasToBeNamed() throws Exception {
        open("ada", "/api/events");
        assertEquals(400, request("DELETE", "").statusCode());
        assertEquals(400, request("DELETE", "?subject=").statusCode());
        assertEquals(
                "{\"streams\":0,\"tickets\":0}",
                request("DELETE", "?subject=nobody").body());
        assertEquals(1, list("").size());
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private static void await(Condition condition) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(25);
        while (!condition.holds()) {
            assertTrue(System.nanoTime() < deadline, "timed out");
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    private TestStream open(String subject, String path, String... headers) throws Exception {
        String[] all = Arrays.copyOf(headers, headers.length + 1);
        all[headers.length] = token(subject, Role.VIEWER);
        TestStream stream = TestStream.open(node.port(), path, all);
        streams.add(stream);
        assertEquals(200, stream.status());
        return stream;
    }

    private String token(String subject, Role role) {
        return "Authorization: Bearer " + node.gateway().token(subject, role, Duration.ofMinutes(5));
    }

    private String ticket(String subject) throws Exception {
        String token = token(subject, Role.VIEWER).substring("Authorization: ".length());
        return new JsonObject(node.send("POST", "/api/ticket", "", "Authorization", token)
                        .body())
                .getString("ticket");
    }

    private List<JsonObject> list(String query) throws Exception {
        return page(query).getJsonArray("streams").stream()
                .map(JsonObject.class::cast)
                .toList();
    }

    private JsonObject page(String query) throws Exception {
        HttpResponse<String> response = request("GET", query);
        assertEquals(200, response.statusCode(), response::body);
        return new JsonObject(response.body());
    }

    private HttpResponse<String> request(String method, String query) throws Exception {
        String admin = token("root", Role.ADMIN).substring("Authorization: ".length());
        return node.send(method, "/api/streams" + query, "", "Authorization", admin);
    }
}
