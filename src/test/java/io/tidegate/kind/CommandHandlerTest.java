package io.tidegate.kind;

import static io.vertx.core.http.HttpMethod.DELETE;
import static io.vertx.core.http.HttpMethod.PATCH;
import static io.vertx.core.http.HttpMethod.POST;
import static io.vertx.core.http.HttpMethod.PUT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.edge.message.OwnPaths;
import io.tidegate.event.Kind;
import io.tidegate.event.Operation;
import io.tidegate.event.Topic;
import io.tidegate.event.Verb;
import io.tidegate.kind.Gateway.Answer;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.EventBus;
import io.vertx.junit5.VertxExtension;
import java.time.Clock;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(VertxExtension.class)
class CommandHandlerTest {

    private final GatedJournal journal = new GatedJournal();
    private Gateway gateway;

    @BeforeEach
    void route(Vertx vertx) {
        gateway = new Gateway(vertx, journal, Gateway.plain(Kind.SESSIONS, journal, Clock.systemUTC()));
        EventBus bus = gateway.vertx.eventBus();
        gateway.router.post("/api/sessions").handler(handler(Kind.SESSIONS, Verb.CREATE, ""));
        gateway.router.patch("/api/sessions/:id").handler(handler(Kind.SESSIONS, Verb.PATCH, "/:id"));
        gateway.router.put("/api/sessions/:id").handler(handler(Kind.SESSIONS, Verb.PUT, "/:id"));
        gateway.router.delete("/api/sessions/:id").handler(handler(Kind.SESSIONS, Verb.DELETE, "/:id"));
        gateway.router.put("/api/items/:part").handler(handler(Kind.ITEMS, Verb.PUT, "/:part"));
        gateway.router
                .put("/secret")
                .handler(new CommandHandler(bus, Kind.OTHER, key -> new Topic("secret/x"), Verb.PUT, ""));
        bus.consumer(Command.address(Kind.DEPLOYS), message -> message.fail(1, "a defect"));
        gateway.router.put("/api/deploys/:id").handler(handler(Kind.DEPLOYS, Verb.PUT, "/:id"));
    }

    private CommandHandler handler(Kind kind, Verb verb, String path) {
        return new CommandHandler(gateway.vertx.eventBus(), kind, new Operation(verb, path), OwnPaths.PLAIN);
    }

    @Test
    void aMemberThatIsMadeComesBackWithItsPlaceAndTheCursor() {
        Answer answer = gateway.send(POST, "/api/sessions", "{\"id\":\"s1\",\"price\":1.00,\"odd\":\"\\ud800\"}");

        assertEquals(201, answer.status());
        assertEquals("application/json", answer.headers().get("Content-Type"));
        assertEquals("/api/sessions/s1", answer.headers().get("Location"));
        assertEquals(journal.head().toString(), answer.headers().get("Tidegate-Cursor"));
        assertEquals("memory", answer.headers().get("Tidegate-Durability"));
        assertTrue(answer.body().startsWith("{\"id\":\"s1\",\"price\":1.00,\"odd\":\"\\ud800\","), answer.body());
        assertEquals(
                answer.body(),
                journal.latest(Kind.SESSIONS, "s1").orElseThrow().data().toString());
    }

    @Test
    void whatCommitsNothingPromisesNothing() {
        gateway.send(POST, "/api/sessions", "{\"id\":\"s1\"}");
        Answer answer = gateway.send(PATCH, "/api/sessions/s1", "{}");

        assertEquals(200, answer.status());
        assertEquals(journal.head().toString(), answer.headers().get("Tidegate-Cursor"));
        assertFalse(answer.headers().contains("Tidegate-Durability"));
        assertFalse(answer.headers().contains("Location"));
        assertEquals(1, journal.head().offset());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"application/json", "application/json; charset=utf-8", "Application/JSON;charset=\"UTF-8\""})
    void jsonIsTakenByAnyOfItsNames(String type) {
        assertEquals(
                201,
                gateway.send(POST, "/api/sessions", type, Buffer.buffer("{}")).status());
    }

    @Test
    void makingAndEndingNeedNoBody() {
        String place = gateway.send(POST, "/api/sessions").headers().get("Location");
        assertEquals(200, gateway.send(DELETE, place).status());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "application/json | '' | 422 | invalid-body",
                "application/json | [] | 422 | invalid-body",
                "application/json | null | 422 | invalid-body",
                "application/json | '\"s\"' | 422 | invalid-body",
                "application/json | { | 400 | malformed-json",
                "application/json | '{\"a\":1}{}' | 400 | malformed-json",
                "application/json | '{\"a\":1,\"a\":2}' | 400 | malformed-json",
                "application/json;charset=latin1 | {} | 415 | unsupported-media-type",
                "text/plain | {} | 415 | unsupported-media-type",
                "application/x-www-form-urlencoded | a=b | 415 | unsupported-media-type",
                "multipart/form-data; boundary=x | x | 415 | unsupported-media-type",
                "| {} | 415 | unsupported-media-type",
                "| '' | 422 | invalid-body"
            })
    void aBodyThatIsNoJsonObjectIsRefusedAndTheConnectionServesOn(String type, String body, int status, String code) {
        gateway.send(POST, "/api/sessions", "{\"id\":\"s1\"}");

        Answer answer = gateway.send(PATCH, "/api/sessions/s1", type, Buffer.buffer(body));

        assertEquals(code, answer.code());
        assertEquals(status, answer.status());
        assertEquals(1, journal.head().offset());
        assertEquals(200, gateway.send(PATCH, "/api/sessions/s1", "{\"a\":1}").status());
    }

    @Test
    void aBodyOfMoreThanAHundredLevelsOrOfOtherBytesIsRefused() {
        String deep = "{\"a\":" + "[".repeat(100) + "]".repeat(100) + "}";
        assertEquals("malformed-json", gateway.send(POST, "/api/sessions", deep).code());
        Buffer latin = Buffer.buffer("{\"a\":\"ü\"}", "ISO-8859-1");
        assertEquals(
                "malformed-json",
                gateway.send(POST, "/api/sessions", "application/json", latin).code());
        assertEquals(0, journal.head().offset());
    }

    @Test
    void aBodyOverTheLimitIsRefused() {
        String large = "{\"a\":\"" + "x".repeat(1 << 20) + "\"}";
        assertEquals(
                "payload-too-large", gateway.send(POST, "/api/sessions", large).code());
        assertEquals(0, journal.head().offset());
    }

    @Test
    void aRefusalOfTheRulesReachesTheClient() {
        assertEquals(
                "not-found", gateway.send(PATCH, "/api/sessions/none", "{}").code());
        assertEquals(
                "method-not-allowed",
                gateway.send(PUT, "/api/sessions/none", "{}").code());
    }

    @ParameterizedTest
    @ValueSource(strings = {"%0d%0aX:1", "%00", "a%20b", "a%2fb", "*", "%ff"})
    void aKeyInThePathIsChecked(String key) {
        assertEquals(
                "invalid-key", gateway.send(PATCH, "/api/sessions/" + key, "{}").code());
        assertEquals(0, journal.head().offset());
    }

    @Test
    void whoMayNotPublishToTheTopicIsRefusedBeforeTheBodyIsRead() {
        Answer answer = gateway.send(PUT, "/secret", "{");
        assertEquals(403, answer.status());
        assertEquals("forbidden", answer.code());
    }

    @Test
    void aGrantForOneMembersTopicIsEnoughForThatMemberAndNoOther() {
        EventBus bus = gateway.vertx.eventBus();
        gateway.router
                .patch("/one/:id")
                .handler(new CommandHandler(bus, Kind.SESSIONS, key -> new Topic("sessions/" + key), Verb.PATCH, "id"));
        gateway.grant("sessions/42");
        assertEquals("not-found", gateway.send(PATCH, "/one/42", "{}").code());
        assertEquals("forbidden", gateway.send(PATCH, "/one/43", "{}").code());
        assertEquals("invalid-topic", gateway.send(PATCH, "/one/a%20b", "{}").code());
    }

    @Test
    void aCommandThatNobodyAnswersIsUnavailable() {
        Answer answer = gateway.send(PUT, "/api/items/p", "{}");
        assertEquals(503, answer.status());
        assertEquals("storage-unavailable", answer.code());
    }

    @Test
    void aDefectBehindTheBusIsOurs() {
        assertEquals("internal", gateway.send(PUT, "/api/deploys/d", "{}").code());
    }

    @Test
    void aJournalThatFailsIsUnavailableAndNothingIsThere() {
        journal.failing = true;
        assertEquals(
                "storage-unavailable",
                gateway.send(POST, "/api/sessions", "{\"id\":\"s\"}").code());
        journal.failing = false;
        assertEquals(201, gateway.send(POST, "/api/sessions", "{\"id\":\"s\"}").status());
    }
}
