package io.tidegate.kind;

import static io.vertx.core.http.HttpMethod.DELETE;
import static io.vertx.core.http.HttpMethod.PATCH;
import static io.vertx.core.http.HttpMethod.PUT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.edge.message.OwnPaths;
import io.tidegate.event.Kind;
import io.tidegate.event.Operation;
import io.tidegate.event.Selection;
import io.tidegate.event.TopicPattern;
import io.tidegate.event.Verb;
import io.tidegate.fixture.TestClock;
import io.tidegate.kind.Gateway.Answer;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.junit5.VertxExtension;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
class InstanceCommandsTest {

    private static final String ONE = "/api/instances/web-1";

    private final TestClock clock = new TestClock("2026-03-01T09:00:00Z");
    private final GatedJournal journal = new GatedJournal();
    private Gateway gateway;

    @BeforeEach
    void route(Vertx vertx) {
        gateway = new Gateway(vertx, journal, Gateway.plain(Kind.INSTANCES, journal, clock));
        route(PUT, Verb.PUT);
        route(DELETE, Verb.DELETE);
        route(PATCH, Verb.PATCH);
    }

    private void route(HttpMethod method, Verb verb) {
        gateway.router
                .route(method, "/api/instances/:id")
                .handler(new CommandHandler(
                        gateway.vertx.eventBus(), Kind.INSTANCES, new Operation(verb, "/:id"), OwnPaths.PLAIN));
    }

    @Test
    void theFirstReportMakesTheInstanceAndTheNextOnesReplaceIt() {
        Answer made = gateway.send(PUT, ONE, "{\"cpu\":0.50,\"zone\":\"a\"}");
        clock.set("2026-03-01T09:00:05Z");
        Answer replaced = gateway.send(PUT, ONE, "{\"zone\":\"b\",\"mem\":null}");

        assertEquals(201, made.status());
        assertEquals(ONE, made.headers().get("Location"));
        assertEquals(
                "{\"id\":\"web-1\",\"cpu\":0.50,\"zone\":\"a\",\"created_at\":\"2026-03-01T09:00:00Z\","
                        + "\"updated_at\":\"2026-03-01T09:00:00Z\"}",
                made.body());
        assertEquals(200, replaced.status());
        assertEquals(
                "{\"id\":\"web-1\",\"zone\":\"b\",\"created_at\":\"2026-03-01T09:00:00Z\","
                        + "\"updated_at\":\"2026-03-01T09:00:05Z\",\"mem\":null}",
                replaced.body());
        assertEquals(List.of("instance_created " + made.body(), "instance_updated " + replaced.body()), events());
    }

    @Test
    void theSameReportAgainCommitsNothing() {
        String made = gateway.send(PUT, ONE, "{\"zone\":\"a\",\"tags\":[1.0]}").body();
        clock.set("2026-03-01T09:00:05Z");
        assertEquals(
                made, gateway.send(PUT, ONE, "{\"tags\":[1.0],\"zone\":\"a\"}").body());
        assertEquals(made, gateway.send(PUT, ONE, made).body());
        assertEquals(1, journal.head().offset());
    }

    @Test
    void aReportNeedsABodyAndTheIdOfItsPath() {
        assertEquals("invalid-body", gateway.send(PUT, ONE).code());
        assertEquals(
                "invalid-body", gateway.send(PUT, ONE, "{\"id\":\"web-2\"}").code());
        assertEquals(0, journal.head().offset());
    }

    @Test
    void whatIsRemovedIsGoneAndCanComeBack() {
        gateway.send(PUT, ONE, "{\"zone\":\"a\"}");
        clock.set("2026-03-01T09:00:05Z");
        Answer removed = gateway.send(DELETE, ONE);

        assertEquals(200, removed.status());
        assertEquals("2026-03-01T09:00:05Z", removed.json().getString("removed_at"));
        assertTrue(events().get(1).startsWith("instance_removed {\"id\":\"web-1\",\"zone\":\"a\","), events().get(1));
        assertEquals(List.of(), journal.latest(Kind.INSTANCES).events());
        assertEquals("not-found", gateway.send(DELETE, ONE).code());
        assertEquals(201, gateway.send(PUT, ONE, "{}").status());
    }

    @Test
    void otherVerbsAreNotForInstances() {
        assertEquals("method-not-allowed", gateway.send(PATCH, ONE, "{}").code());
    }

    private List<String> events() {
        return Gateway.await(journal.readLast(Selection.ofTopics(new TopicPattern("instances")), 100)).events().stream()
                .map(event -> event.type() + " " + event.data())
                .toList();
    }
}
