package io.tidegate.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.fixture.ChildNode;
import io.tidegate.fixture.TestStream;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests that a plain kind needs only one constant: a gateway with three more kinds has the same features for them as
 * for others.
 */
@Timeout(120)
@ExtendWith(VertxExtension.class)
class NewKindTest {

    private static final String CONSTANTS =
            """
                PARCELS(
                        "parcel",
                        "id",
                        Lifecycle.of("parcel_posted", "parcel_moved")
                                .endedBy(Ending.of("parcel_lost", "lost_at").setting("status", "lost")),
                        new Operation(Verb.CREATE, ""),
                        new Operation(Verb.PUT, "/:id"),
                        new Operation(Verb.PATCH, "/:id"),
                        new Operation(Verb.DELETE, "/:id")),
                PALLETS(
                        "pallet",
                        "code",
                        Lifecycle.of("pallet.packed", "pallet.moved")
                                .with(OWN_TOPICS, EVICTED_WHOLE, LISTS_ONLY_MEMBERS),
                        new Operation(Verb.PUT, "/:code")),
                CRATES(
                        "crate",
                        "id",
                        Lifecycle.of("crate_found", "crate_seen").endedBy(Ending.of("crate_gone", "gone_at"))),
            """;

    @TempDir
    private static Path folder;

    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static volatile String crates = "[]";
    private static AddedKinds kinds;
    private static ChildNode node;
    private static int management;

    @BeforeAll
    static void start(Vertx vertx) throws Exception {
        kinds = AddedKinds.compile(folder, CONSTANTS);
        HttpServer depot = vertx.createHttpServer()
                .requestHandler(request -> request.response().end(crates))
                .listen(0, "127.0.0.1")
                .await(20, TimeUnit.SECONDS);
        Files.writeString(
                Files.createDirectories(folder.resolve("conf")).resolve("tidegate.yaml"),
                """
                origins: [{prefix: /depot, url: 'http://127.0.0.1:%d'}]
                watches: [{kind: crates, origin: /depot, path: /depot/crates, every: 50ms}]
                journal:
                  durability: {parcels: process}
                  retention: {parcels: {keys: 2}, pallets: {keys: 1}}
                """
                        .formatted(depot.actualPort()));
        try (ServerSocket free = new ServerSocket(0)) {
            management = free.getLocalPort();
        }
        node = ChildNode.start(folder, kinds.shell(), List.of(), "--set", "management.port=" + management);
    }

    @AfterAll
    static void stop() throws Exception {
        if (node != null) {
            node.signal("TERM");
            node.awaitExit();
            node.close();
        }
    }

    @Test
    void itsMembersLiveByItsCommandsAndItsStreamTellsOfThem() throws Exception {
        try (TestStream stream = node.stream("/api/sse/parcels")) {
            JsonObject list = new JsonObject(stream.next().data());
            assertEquals("parcels", list.getString("type"));

            HttpResponse<String> made = send("POST", "/api/parcels", "{\"id\":\"p1\",\"to\":\"ada\"}");
            assertEquals(201, made.statusCode(), made.body());
            assertEquals("/api/parcels/p1", header(made, "Location"));
            assertEquals("process", header(made, "Tidegate-Durability"));
            assertEquals(
                    200, send("PATCH", "/api/parcels/p1", "{\"at\":\"hub\"}").statusCode());
            assertEquals(
                    200, send("PUT", "/api/parcels/p1", "{\"at\":\"door\"}").statusCode());
            assertEquals(409, send("POST", "/api/parcels", "{\"id\":\"p1\"}").statusCode());
            assertEquals(List.of("p1"), keys("parcels", "id"));
            HttpResponse<String> ended = send("DELETE", "/api/parcels/p1", "");
            assertEquals(404, send("PATCH", "/api/parcels/p1", "{}").statusCode());

            assertReported(stream, "parcel_posted", 1, new JsonObject(made.body()));
            assertReported(stream, "parcel_moved", 1, null);
            assertReported(stream, "parcel_moved", 1, null);
            JsonObject last = new JsonObject(ended.body());
            assertEquals("lost", last.getString("status"));
            assertEquals(last.getString("updated_at"), last.getString("lost_at"));
            assertReported(stream, "parcel_lost", 0, last);
        }
    }

    private static void assertReported(TestStream stream, String type, int members, @Nullable JsonObject parcel)
            throws Exception {
        JsonObject told = new JsonObject(stream.next().data());
        assertEquals(type, told.getString("type"));
        assertEquals("p1", told.getJsonObject("parcel").getString("id"));
        assertEquals(members, told.getJsonArray("parcels").size());
        if (parcel != null) {
            assertEquals(parcel, told.getJsonObject("parcel"));
        }
    }

    @Test
    void itsRoutesAreThoseOfItsOperations() throws Exception {
        assertEquals("GET, HEAD, OPTIONS, POST", header(send("OPTIONS", "/api/parcels", ""), "Allow"));
        assertEquals("DELETE, OPTIONS, PATCH, PUT", header(send("OPTIONS", "/api/parcels/x", ""), "Allow"));
        assertEquals("OPTIONS, PUT", header(send("OPTIONS", "/api/pallets/x", ""), "Allow"));
        assertEquals(405, send("DELETE", "/api/pallets/x", "").statusCode());
        JsonObject unknown = new JsonObject(send("GET", "/api/sse/boats", "").body());
        assertEquals(
                "the kind must be one of sessions, deploys, instances, items, parcels, pallets and crates",
                unknown.getString("detail"));
    }

    @Test
    void aDraftOfAMemberNeedsAKeyAndTheMember() throws Exception {
        assertEquals("invalid-key", publish("parcels", "parcel_posted", null, "{\"id\":\"d1\"}"));
        assertEquals("invalid-key", publish("parcels", "parcel_moved", null, "{\"id\":\"d1\"}"));
        assertEquals("invalid-key", publish("parcels", "parcel_lost", null, "{\"id\":\"d1\"}"));
        assertEquals("invalid-key", publish("pallets/d1", "pallet.moved", null, "{\"code\":\"d1\"}"));
        assertEquals("invalid-body", publish("parcels", "parcel_moved", "d1", "{}"));
        assertEquals("invalid-body", publish("pallets/d1", "pallet.moved", "d1", "{\"id\":\"d1\"}"));
        assertEquals("invalid-topic", publish("parcels/x", "parcel_moved", "d1", "{\"id\":\"d1\"}"));
        assertEquals("", publish("parcels", "parcel_weighed", null, "{}"));
    }

    @Test
    void retentionKeepsAsManyMembersAsItsKeySays() throws Exception {
        for (String id : List.of("k1", "k2", "k3")) {
            assertEquals(201, send("PUT", "/api/parcels/" + id, "{}").statusCode());
        }
        send("PATCH", "/api/parcels/k2", "{\"n\":1}");
        assertEquals(List.of("k2", "k3"), keys("parcels", "id"));
        send("DELETE", "/api/parcels/k2", "");
        send("DELETE", "/api/parcels/k3", "");
    }

    @Test
    void topicsOfTwoKindsAreEvictedWholeWithoutRegardToEachOther() throws Exception {
        assertEquals(201, send("POST", "/api/deploys", "{\"id\":\"older\"}").statusCode());
        assertEquals(201, send("PUT", "/api/pallets/a", "{}").statusCode());
        assertEquals("", publish("pallets/a", "scanned", null, "1"));
        assertEquals(2, events("pallets/a").size());
        assertEquals(201, send("PUT", "/api/pallets/b", "{}").statusCode());

        assertEquals(List.of("b"), keys("pallets", "code"));
        assertEquals(List.of(), events("pallets/a"));
        assertEquals(1, events("pallets/b").size());
        assertEquals(1, events("deploys/older").size());
    }

    @Test
    void itsListIsWatchedWhereAnOriginHoldsIt() throws Exception {
        try (TestStream stream = node.stream("/api/sse/crates?delta=true")) {
            stream.next();
            crates = "[{\"id\":\"c1\",\"n\":1}]";
            stream.awaitBody("{\"type\":\"crate_found\",\"crate\":{\"id\":\"c1\",\"n\":1}}");
            crates = "[{\"id\":\"c1\",\"n\":2}]";
            stream.awaitBody("{\"type\":\"crate_seen\",\"crate\":{\"id\":\"c1\",\"n\":2}}");
            crates = "[]";
            stream.awaitBody("{\"type\":\"crate_gone\",\"crate\":{\"id\":\"c1\",\"n\":2,\"gone_at\":");
        }
    }

    @Test
    void itIsALabelOfMetrics() throws Exception {
        try (TestStream stream = node.stream("/api/sse/parcels")) {
            stream.next();
            URI address = URI.create("http://127.0.0.1:" + management + "/metrics");
            String metrics = CLIENT.send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofString())
                    .body();
            assertTrue(metrics.contains("\nsse_active_connections{kind=\"parcels\"} 1.0\n"), metrics);
        }
    }

    @Test
    void itsKeysHaveDefaultsAndAreCheckedLikeThoseOfTheOthers() throws Exception {
        String printed = kinds.run(
                Map.of("TIDEGATE_JOURNAL_RETENTION_PARCELS_EVENTS", "5"),
                "print-config",
                "--set",
                "journal.durability.parcels=memory");
        assertTrue(printed.contains("    items: fsync\n    parcels: memory\n    pallets: fsync\n"), printed);
        assertTrue(printed.contains("    parcels:\n      events: 5\n      age: 7d\n      bytes: 256MiB\n"), printed);
        assertTrue(printed.contains("    pallets:\n      events: 1000000\n      age: 30d\n"), printed);
        assertEquals(
                "tidegate: journal.retention.parcels.keys: must be greater than 0"
                        + " (--set journal.retention.parcels.keys)\n1",
                kinds.run(Map.of(), "check-config", "--set", "journal.retention.parcels.keys=0"));
    }

    /** Publishes one event and returns the code of the refusal, or an empty string if it was accepted. */
    private static String publish(String topic, String type, @Nullable String key, String data) throws Exception {
        JsonObject draft =
                new JsonObject().put("topic", topic).put("type", type).put("key", key);
        String body = draft.encode().replaceFirst("}$", ",\"data\":" + data + "}");
        return new JsonObject(send("POST", "/api/events", body).body()).getString("code", "");
    }

    private static List<String> keys(String plural, String identity) throws Exception {
        return new JsonObject(send("GET", "/api/" + plural, "").body())
                .getJsonArray(plural).stream()
                        .map(member -> ((JsonObject) member).getString(identity))
                        .toList();
    }

    private static List<Object> events(String topic) throws Exception {
        return new JsonObject(send("GET", "/api/events?topics=" + topic, "").body())
                .getJsonArray("events").stream().toList();
    }

    private static String header(HttpResponse<String> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }

    private static HttpResponse<String> send(String method, String path, String body)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + node.port() + path))
                .header("Authorization", "Bearer " + node.publisher())
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (!body.isEmpty()) {
            request.header("Content-Type", "application/json");
        }
        return CLIENT.send(request.build(), BodyHandlers.ofString());
    }
}
