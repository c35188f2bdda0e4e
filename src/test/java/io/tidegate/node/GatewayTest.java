package io.tidegate.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.fixture.EventStreamParser.Message;
import io.tidegate.fixture.TestNode;
import io.tidegate.fixture.TestStream;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests publishing and streaming through a complete node with the default journal, over real sockets. */
class GatewayTest {

    @TempDir
    private Path data;

    private TestNode node;

    @BeforeEach
    void start() throws Exception {
        node = TestNode.start(data);
    }

    @AfterEach
    void stop() throws Exception {
        node.close();
    }

    @Test
    void whatIsPublishedArrivesOnEveryLoopsStreams() throws Exception {
        List<TestStream> streams = List.of(
                node.stream("/api/events?topics=demo"),
                node.stream("/api/events?topics=demo"),
                node.stream("/api/events?topics=demo"),
                node.stream("/api/events?topics=demo"));
        JsonObject answer = node.publish("demo", "greeting", "{\"text\":\"hello\"}");
        assertEquals("fsync", answer.getString("durability"));
        for (TestStream stream : streams) {
            assertEquals(new Message("greeting", "{\"text\":\"hello\"}", answer.getString("cursor")), stream.next());
            stream.close();
        }
    }

    @Test
    void sessionsBeginWithTheirListAndTellEachChange() throws Exception {
        try (TestStream stream = node.stream("/api/sse/sessions")) {
            assertEquals(
                    "{\"type\":\"sessions\",\"sessions\":[]}", stream.next().data());
            HttpResponse<String> created = node.send("POST", "/api/sessions", "{\"name\":\"shell\"}");
            assertEquals(201, created.statusCode());
            String id = new JsonObject(created.body()).getString("id");
            assertEquals(
                    "/api/sessions/" + id,
                    created.headers().firstValue("Location").orElse(""));
            assertEquals(
                    200,
                    node.send("PATCH", "/api/sessions/" + id, "{\"status\":\"busy\"}")
                            .statusCode());
            assertEquals(200, node.send("DELETE", "/api/sessions/" + id, "").statusCode());

            JsonObject first = json(stream.next());
            assertEquals("session_created", first.getString("type"));
            assertEquals(id, first.getJsonObject("session").getString("id"));
            assertEquals(1, first.getJsonArray("sessions").size());
            JsonObject second = json(stream.next());
            assertEquals("session_updated", second.getString("type"));
            assertEquals(
                    "busy", second.getJsonArray("sessions").getJsonObject(0).getString("status"));
            JsonObject third = json(stream.next());
            assertEquals("session_terminated", third.getString("type"));
            assertEquals(new JsonArray(), third.getJsonArray("sessions"));
        }
    }

    @Test
    void aListIsTheFallbackAndItsCursorContinuesAsAStream() throws Exception {
        node.send("POST", "/api/sessions", "{\"id\":\"one\"}");
        HttpResponse<String> list = node.get("/api/sessions");
        JsonObject body = new JsonObject(list.body());
        assertEquals("one", body.getJsonArray("sessions").getJsonObject(0).getString("id"));
        String cursor = list.headers().firstValue("Tidegate-Cursor").orElseThrow();
        assertEquals(cursor, body.getString("cursor"));

        String tag = list.headers().firstValue("ETag").orElseThrow();
        assertEquals(304, node.get("/api/sessions", "If-None-Match", tag).statusCode());
        node.send("POST", "/api/sessions", "{\"id\":\"two\"}");
        assertEquals(200, node.get("/api/sessions", "If-None-Match", tag).statusCode());

        try (TestStream stream = node.stream("/api/sse/sessions?delta=true", "Last-Event-ID: " + cursor)) {
            assertEquals("continued", json(stream.next()).getString("status"));
            assertEquals("two", json(stream.next()).getJsonObject("session").getString("id"));
        }
    }

    @Test
    void pagesAndStreamsShareOneCursor() throws Exception {
        String start = new JsonObject(node.get("/api/events").body()).getString("cursor");
        IntStream.rangeClosed(1, 5).forEach(i -> publishQuietly("demo", "tick", Integer.toString(i)));
        JsonObject page = new JsonObject(
                node.get("/api/events?topics=demo&limit=3&since=" + start).body());
        assertEquals(List.of(1, 2, 3), data(page));
        assertTrue(page.getBoolean("more"));
        assertFalse(page.getBoolean("gap"));
        try (TestStream stream = node.stream("/api/events?topics=demo&since=" + page.getString("cursor"))) {
            stream.next();
            assertEquals(
                    List.of("4", "5"),
                    stream.next(2).stream().map(Message::data).toList());
            page = new JsonObject(node.get("/api/events?topics=demo&since=" + stream.lastEventId())
                    .body());
            assertEquals(List.of(), data(page));
        }
        assertEquals(
                List.of(4, 5),
                data(new JsonObject(node.get("/api/events?topics=demo&limit=2").body())));
    }

    @Test
    void aLongPollAnswersWithTheFirstEvent() throws Exception {
        String cursor = new JsonObject(node.get("/api/events").body()).getString("cursor");
        CompletableFuture<HttpResponse<String>> waiting = CompletableFuture.supplyAsync(() -> {
            try {
                return node.get("/api/events?topics=demo&wait=20&since=" + cursor);
            } catch (Exception failed) {
                throw new IllegalStateException(failed);
            }
        });
        node.publish("elsewhere", "tick", "1");
        node.publish("demo", "tick", "2");
        assertEquals(List.of(2), data(new JsonObject(waiting.get().body())));
    }

    @Test
    void aLongPollWithoutAnEventEndsEmpty() throws Exception {
        JsonObject page = new JsonObject(node.get("/api/events").body());
        HttpResponse<String> answer = node.get("/api/events?wait=1&since=" + page.getString("cursor"));
        assertEquals(List.of(), data(new JsonObject(answer.body())));
        String tag = answer.headers().firstValue("ETag").orElseThrow();
        assertEquals(
                304,
                node.get("/api/events?since=" + page.getString("cursor"), "If-None-Match", tag)
                        .statusCode());
    }

    @Test
    void theDemoDeployStreamsItsLinesAndALateReaderGetsThemAll() throws Exception {
        HttpResponse<String> created = node.send("POST", "/api/deploys", "{\"recipe\":\"demo\"}");
        assertEquals(201, created.statusCode());
        String id = new JsonObject(created.body()).getString("id");
        String path = "/api/deploys/" + id + "/logs";
        try (TestStream early = node.stream(path);
                TestStream same = node.stream("/events/" + id)) {
            List<Message> all = early.rest();
            assertEquals("deploy_created", json(all.get(0)).getString("type"));
            JsonObject last = json(all.get(all.size() - 1));
            assertEquals("deploy_status", last.getString("type"));
            assertEquals("succeeded", last.getJsonObject("payload").getString("status"));
            assertTrue(all.stream()
                            .filter(line -> json(line).getString("type").equals("deploy_log"))
                            .count()
                    > 5);
            assertEquals(all, same.rest());
            try (TestStream late = node.stream(path)) {
                assertEquals(all, late.rest());
            }
            try (TestStream again = node.stream(path, "Last-Event-ID: " + early.lastEventId())) {
                assertEquals(204, again.status());
            }
            JsonObject page = new JsonObject(node.get(path).body());
            assertEquals(all.size(), page.getJsonArray("events").size());
            assertEquals("succeeded", page.getJsonObject("deploy").getString("status"));
        }
    }

    @Test
    void startSendsTheBrowserToThePageOfTheNewDeploy() throws Exception {
        HttpResponse<String> started = node.send("POST", "/start", "");
        assertEquals(303, started.statusCode());
        String page = started.headers().firstValue("Location").orElseThrow();
        assertTrue(page.matches("/deployment/[^/]+"), page);
        assertEquals(200, node.get(page, "Accept", "text/html").statusCode());
        assertEquals(
                200,
                node.send("DELETE", page.replace("/deployment/", "/api/deploys/"), "")
                        .statusCode());
    }

    @Test
    void instancesItemsAndServerStateHaveTheirOwnCommands() throws Exception {
        assertEquals(
                201, node.send("PUT", "/api/instances/a", "{\"status\":\"up\"}").statusCode());
        assertEquals(
                200,
                node.send("PUT", "/api/instances/a", "{\"status\":\"down\"}").statusCode());
        assertEquals(
                201, node.send("POST", "/api/items/p-1", "{\"name\":\"bolt\"}").statusCode());
        assertEquals(
                409, node.send("POST", "/api/items/p-1", "{\"name\":\"bolt\"}").statusCode());
        assertEquals(
                200,
                node.send("PUT", "/api/server/state", "{\"mode\":\"safe\"}").statusCode());
        assertEquals("down", first(node.get("/api/instances"), "instances").getString("status"));
        assertEquals("bolt", first(node.get("/api/items"), "items").getString("name"));
        List<String> types = new JsonObject(node.get("/api/events?limit=4").body())
                .getJsonArray("events").stream()
                        .map(event -> ((JsonObject) event).getString("type"))
                        .toList();
        assertEquals(List.of("instance_created", "instance_updated", "item.created", "server.state_changed"), types);
    }

    @Test
    void allKindsStreamTheirChanges() throws Exception {
        try (TestStream instances = node.stream("/api/sse/instances?delta=true");
                TestStream items = node.stream("/api/sse/items?delta=true");
                TestStream deploys = node.stream("/api/sse/deploys")) {
            node.send("PUT", "/api/instances/a", "{}");
            node.send("POST", "/api/items/p-1", "{}");
            node.send("POST", "/api/deploys", "{\"id\":\"42\",\"name\":\"elsewhere\"}");
            node.send("POST", "/api/deploys/42/logs", "{\"line\":\"working\"}");
            node.send("PATCH", "/api/deploys/42", "{\"status\":\"succeeded\"}");
            assertEquals(
                    "{\"type\":\"instances\",\"instances\":[]}",
                    instances.next().data());
            assertEquals("a", json(instances.next()).getJsonObject("instance").getString("id"));
            items.next();
            assertEquals("p-1", json(items.next()).getJsonObject("item").getString("part_number"));
            deploys.next();
            assertEquals("deploy_created", json(deploys.next()).getString("type"));
            JsonObject status = json(deploys.next());
            assertEquals("deploy_status", status.getString("type"));
            assertEquals(
                    "succeeded", status.getJsonArray("deploys").getJsonObject(0).getString("status"));
        }
    }

    @Test
    void everythingAcknowledgedIsThereAfterARestart() throws Exception {
        String cursor;
        try (TestStream stream = node.stream("/api/events")) {
            node.publish("demo", "tick", "1");
            stream.next();
            cursor = stream.lastEventId();
        }
        node.publish("demo", "tick", "2");
        node.send("POST", "/api/sessions", "{\"id\":\"kept\"}");
        node.close();
        node = TestNode.start(data);
        try (TestStream stream = node.stream("/api/events", "Last-Event-ID: " + cursor)) {
            assertEquals("continued", json(stream.next()).getString("status"));
            assertEquals("2", stream.next().data());
            assertEquals("kept", json(stream.next()).getString("id"));
        }
        assertEquals("kept", first(node.get("/api/sessions"), "sessions").getString("id"));
    }

    @Test
    void readinessCountsTheStreamsAndMetricsHaveTheirPromisedNames() throws Exception {
        try (TestStream stream = node.stream("/api/sse/sessions")) {
            stream.next();
            JsonObject ready = new JsonObject(node.get("/ready").body());
            assertEquals("UP", ready.getString("status"));
            assertEquals(1, ready.getInteger("streams"));
            assertEquals("UP", ready.getJsonObject("dependencies").getString("journal"));
            node.send("POST", "/api/sessions", "{}");
            stream.next();
            String metrics = node.management("/metrics").body();
            assertTrue(
                    metrics.contains("\nsse_active_connections{kind=\"sessions\"} 1.0\n")
                            || metrics.contains("\nsse_active_connections 1.0\n"),
                    metrics);
            List.of(
                            "sse_messages_transmitted_total",
                            "sse_connection_errors_total",
                            "sse_reconnection_attempts_total",
                            "publish_acknowledge_seconds_bucket",
                            "publish_to_flush_seconds_bucket")
                    .forEach(name -> assertTrue(metrics.contains("\n" + name), name));
        }
        assertEquals(200, node.get("/health").statusCode());
    }

    private void publishQuietly(String topic, String type, String data) {
        try {
            node.publish(topic, type, data);
        } catch (Exception failed) {
            throw new IllegalStateException(failed);
        }
    }

    private static JsonObject json(Message message) {
        return new JsonObject(message.data());
    }

    private static JsonObject first(HttpResponse<String> answer, String list) {
        return new JsonObject(answer.body()).getJsonArray(list).getJsonObject(0);
    }

    private static List<Object> data(JsonObject page) {
        return page.getJsonArray("events").stream()
                .map(event -> ((JsonObject) event).getValue("data"))
                .toList();
    }
}
