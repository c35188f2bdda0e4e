package io.tidegate.kind.item;

import static io.vertx.core.http.HttpMethod.DELETE;
import static io.vertx.core.http.HttpMethod.PATCH;
import static io.vertx.core.http.HttpMethod.POST;
import static io.vertx.core.http.HttpMethod.PUT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.edge.message.OwnPaths;
import io.tidegate.event.Draft;
import io.tidegate.event.Event;
import io.tidegate.event.JsonText;
import io.tidegate.event.Kind;
import io.tidegate.event.Operation;
import io.tidegate.event.Selection;
import io.tidegate.event.TopicPattern;
import io.tidegate.event.Verb;
import io.tidegate.fixture.TestClock;
import io.tidegate.journal.Appender;
import io.tidegate.kind.CommandHandler;
import io.tidegate.kind.GatedJournal;
import io.tidegate.kind.Gateway;
import io.tidegate.kind.Gateway.Answer;
import io.tidegate.kind.KindVerticle;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
class ItemCommandsTest {

    private static final String NINE = "2026-03-01T09:00:00Z";
    private static final String TEN = "2026-03-01T10:00:00Z";
    private static final String PART = "/api/items/AB-7";
    private static final String STATE = "/api/server/state";

    private final TestClock clock = new TestClock(NINE);
    private final GatedJournal journal = new GatedJournal();
    private Gateway gateway;

    @BeforeEach
    void route(Vertx vertx) {
        gateway = new Gateway(
                vertx,
                journal,
                new KindVerticle(Kind.ITEMS, new ItemRules(clock), journal),
                new KindVerticle(Kind.OTHER, new ServerStateRules(), journal));
        item(POST, new Operation(Verb.CREATE, "/:part"));
        item(PATCH, new Operation(Verb.PATCH, "/:part"));
        item(DELETE, new Operation(Verb.DELETE, "/:part"));
        item(PUT, new Operation(Verb.PUT, "/:part"));
        item(POST, new Operation(Verb.ADD, "/:part/revisions"));
        server(PUT, Verb.PUT);
        server(DELETE, Verb.DELETE);
    }

    private void item(HttpMethod method, Operation operation) {
        gateway.router
                .route(method, "/api/items" + operation.path())
                .handler(new CommandHandler(gateway.vertx.eventBus(), Kind.ITEMS, operation, OwnPaths.PLAIN));
    }

    private void server(HttpMethod method, Verb verb) {
        gateway.router
                .route(method, STATE)
                .handler(new CommandHandler(
                        gateway.vertx.eventBus(), Kind.OTHER, key -> ServerStateRules.TOPIC, verb, ""));
    }

    @Test
    void anItemLivesFromItsCreationToItsDeletion() {
        Answer created = gateway.send(POST, PART, "{\"name\":\"valve\",\"price\":1.00}");
        clock.set(TEN);
        Answer updated = gateway.send(PATCH, PART, "{\"price\":2.50}");
        Answer deleted = gateway.send(DELETE, PART);

        assertEquals(201, created.status());
        assertEquals(PART, created.headers().get("Location"));
        assertEquals(
                "{\"part_number\":\"AB-7\",\"name\":\"valve\",\"price\":1.00,\"created_at\":\"" + NINE
                        + "\",\"updated_at\":\"" + NINE + "\",\"revisions\":0}",
                created.body());
        assertEquals(
                created.body().replace("1.00", "2.50").replace("updated_at\":\"" + NINE, "updated_at\":\"" + TEN),
                updated.body());
        assertEquals(TEN, deleted.json().getString("deleted_at"));
        assertEquals(
                List.of(
                        "item.created AB-7 " + created.body(),
                        "item.updated AB-7 " + updated.body(),
                        "item.deleted AB-7 " + deleted.body()),
                events("items"));
        assertEquals(List.of(), journal.latest(Kind.ITEMS).events());
    }

    @Test
    void aRevisionIsInTheWholeItemWhichDoesNotGrowWithEach() {
        gateway.send(POST, PART, "{\"name\":\"valve\"}");
        gateway.send(POST, PART + "/revisions", "{\"label\":\"A\",\"note\":\"first\"}");
        clock.set(TEN);
        Answer second = gateway.send(POST, PART + "/revisions", "{\"label\":\"B\",\"number\":99,\"id\":\"x\"}");

        assertEquals(200, second.status());
        assertEquals(
                new JsonObject()
                        .put("part_number", "AB-7")
                        .put("name", "valve")
                        .put("created_at", NINE)
                        .put("updated_at", TEN)
                        .put("revisions", 2)
                        .put(
                                "latest_revision",
                                new JsonObject()
                                        .put("label", "B")
                                        .put("number", 2)
                                        .put("id", "x")
                                        .put("created_at", TEN)),
                second.json());
        assertEquals(
                "item.revision_added AB-7 " + second.body(), events("items").get(2));
        assertTrue(events("items").get(1).contains("\"note\":\"first\""));
    }

    @Test
    void onlyAddingARevisionAddsOne() {
        gateway.send(POST, PART, "{\"revisions\":7,\"latest_revision\":{}}");
        Answer patched = gateway.send(PATCH, PART, "{\"revisions\":9,\"latest_revision\":null,\"a\":1}");
        assertEquals(0, patched.json().getInteger("revisions"));
        assertFalse(patched.json().containsKey("latest_revision"));
    }

    @Test
    void aRevisionAsDeepAsABodyMayBeCanBeReadBack() {
        gateway.send(POST, PART, "{}");
        String deep = "{\"a\":" + "[".repeat(99) + "]".repeat(99) + "}";
        assertEquals(200, gateway.send(POST, PART + "/revisions", deep).status());
        assertEquals(200, gateway.send(PATCH, PART, "{\"a\":1}").status());
    }

    @Test
    void anItemThatAnOriginPublishedCanBeRevised() {
        JsonText data = JsonText.parse("{\"part_number\":\"AB-7\",\"revisions\":[\"A\"]}");
        Gateway.await(new Appender(gateway.vertx.eventBus()).append(Draft.of("items", "item.created", "AB-7", data)));
        Answer answer = gateway.send(POST, PART + "/revisions", "{}");
        assertEquals(1, answer.json().getInteger("revisions"));
    }

    @Test
    void whatIsNotAllowedIsRefused() {
        assertEquals("not-found", gateway.send(PATCH, PART, "{}").code());
        assertEquals("not-found", gateway.send(DELETE, PART).code());
        assertEquals("not-found", gateway.send(POST, PART + "/revisions", "{}").code());
        assertEquals(201, gateway.send(POST, PART, "{}").status());
        assertEquals("conflict", gateway.send(POST, PART, "{}").code());
        assertEquals("invalid-body", gateway.send(POST, PART + "/revisions").code());
        assertEquals(
                "invalid-body",
                gateway.send(PATCH, PART, "{\"part_number\":\"X\"}").code());
        assertEquals("invalid-key", gateway.send(POST, "/api/items/a%20b", "{}").code());
        assertEquals("method-not-allowed", gateway.send(PUT, PART, "{}").code());
        assertEquals(1, journal.head().offset());
    }

    @Test
    void theStateOfTheServerIsPassedOnAsItIs() {
        Answer answer = gateway.send(PUT, STATE, "{\"mode\":\"busy\",\"load\":0.10}");

        assertEquals(200, answer.status());
        assertEquals("{\"mode\":\"busy\",\"load\":0.10}", answer.body());
        assertEquals(List.of("server.state_changed state {\"mode\":\"busy\",\"load\":0.10}"), events("server"));
        assertEquals(journal.head().toString(), answer.headers().get("Tidegate-Cursor"));
    }

    @Test
    void theStateOfTheServerIsAnObject() {
        assertEquals("invalid-body", gateway.send(PUT, STATE, "[]").code());
        assertEquals("invalid-body", gateway.send(PUT, STATE).code());
        assertEquals("method-not-allowed", gateway.send(DELETE, STATE).code());
        assertEquals(List.of(), events("server"));
    }

    @Test
    void anotherTopicThatUsesTheSameKeyDoesNoHarm() {
        Draft other = Draft.of("chat", "said", "state", JsonText.parse("5"));
        Gateway.await(new Appender(gateway.vertx.eventBus()).append(other));
        assertEquals(200, gateway.send(PUT, STATE, "{}").status());
    }

    private List<String> events(String topic) {
        return Gateway.await(journal.readLast(Selection.ofTopics(new TopicPattern(topic)), 100)).events().stream()
                .map(ItemCommandsTest::text)
                .toList();
    }

    private static String text(Event event) {
        return event.type() + " " + event.key().orElse("") + " " + event.data();
    }
}
