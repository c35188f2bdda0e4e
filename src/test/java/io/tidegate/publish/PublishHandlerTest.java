package io.tidegate.publish;

import static io.vertx.core.http.HttpMethod.POST;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidegate.event.Kind;
import io.tidegate.event.Selection;
import io.tidegate.event.TopicPattern;
import io.tidegate.journal.Appender;
import io.tidegate.kind.GatedJournal;
import io.tidegate.kind.Gateway;
import io.tidegate.kind.Gateway.Answer;
import io.tidegate.meter.TakenCounts;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(VertxExtension.class)
class PublishHandlerTest {

    private static final String PATH = "/api/events";
    private static final String JSON = "application/json";
    private static final String NDJSON = "application/x-ndjson";
    private static final String GOOD = "{\"topic\":\"chat\",\"type\":\"said\",\"data\":1}";

    private final GatedJournal journal = new GatedJournal();
    private Gateway gateway;
    private final MeterRegistry registry = new SimpleMeterRegistry();
    private final TakenCounts published = new TakenCounts(registry, "publish.events", "kind");

    @BeforeEach
    void route(Vertx vertx) {
        gateway = new Gateway(vertx, journal);
        gateway.router
                .post(PATH)
                .handler(new PublishHandler(
                        new Appender(gateway.vertx.eventBus())::append, new PublishMetrics(registry)));
    }

    @Test
    void oneEventIsAcknowledgedWithItsCursor() {
        Answer answer = gateway.send(
                POST, PATH, "{\"data\":{\"a\":1.00},\"key\":\"k\",\"type\":\"said\",\"topic\":\"chat/1\"}");

        assertEquals(200, answer.status());
        assertEquals(JSON, answer.headers().get("Content-Type"));
        JsonObject expected = new JsonObject()
                .put("cursor", journal.head().toString())
                .put("count", 1)
                .put("durability", "memory");
        assertEquals(expected, answer.json());
        assertEquals(List.of("chat/1 said k {\"a\":1.00}"), events());
        assertEquals(Map.of("other", 1), published.all());
    }

    @Test
    void anArrayIsOneCommitAndTheCursorIsThatOfTheLast() {
        Answer answer = gateway.send(
                POST,
                PATH,
                "[" + GOOD
                        + ", {\"topic\":\"sessions\",\"type\":\"session_created\",\"key\":\"s\","
                        + "\"data\":{\"id\":\"s\"}},"
                        + GOOD + "]");

        assertEquals(3, answer.json().getInteger("count"));
        assertEquals(journal.head().toString(), answer.json().getString("cursor"));
        assertEquals(1, journal.commits.get());
        assertEquals(List.of("chat said  1", "sessions session_created s {\"id\":\"s\"}", "chat said  1"), events());
        assertEquals(Map.of("other", 2, "sessions", 1), published.all());
        assertEquals("s", journal.latest(Kind.SESSIONS).events().get(0).key().orElseThrow());
    }

    @ParameterizedTest
    @ValueSource(strings = {NDJSON, "application/jsonl", "application/ndjson; charset=utf-8"})
    void linesAreOneCommitAndBlankOnesAreSkipped(String type) {
        String lines = "\n" + GOOD + "\r\n  \t \n" + GOOD.replace("1", "2") + "\n\n" + GOOD.replace("1", "3");
        Answer answer = gateway.send(POST, PATH, type, Buffer.buffer(lines));

        assertEquals(3, answer.json().getInteger("count"), answer.body());
        assertEquals(List.of("chat said  1", "chat said  2", "chat said  3"), events());
        assertEquals(1, journal.commits.get());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "true",
                "1.00",
                "1e400",
                "-0",
                "123456789012345678901234567890",
                "\"a\\r\\nb\\rc\\nd\\u0000\"",
                "\"\\ud800\"",
                "\"ü😀\"",
                "[]",
                "[[1,{}]]",
                "{\"a\":{\"b\":[null]}}"
            })
    void dataIsAnyJsonValueAndArrivesAsItWasPublished(String data) {
        String body = "{\"topic\":\"chat\",\"type\":\"said\",\"key\":null,\"data\":" + data + "}";
        assertEquals(200, gateway.send(POST, PATH, body).status());
        assertEquals(List.of("chat said  " + data), events());
    }

    @Test
    void aThousandEventsGoAtOnceAndOneMoreDoesNot() {
        String thousand = String.join(",", Collections.nCopies(1000, GOOD));
        assertEquals(1000, gateway.send(POST, PATH, "[" + thousand + "]").json().getInteger("count"));
        Answer tooMany = gateway.send(POST, PATH, "[" + thousand + "," + GOOD + "]");
        assertEquals("invalid-body", tooMany.code());
        Buffer lines = Buffer.buffer(String.join("\n", Collections.nCopies(1001, GOOD)));
        assertEquals("invalid-body", gateway.send(POST, PATH, NDJSON, lines).code());
        assertEquals(1000, journal.head().offset());
    }

    static Stream<Arguments> badInput() {
        String keyed = "{\"topic\":\"sessions\",\"type\":\"session_created\",\"key\":\"s\",\"data\":%s}";
        return Stream.of(
                bad(JSON, "", 422, "invalid-body", "empty"),
                bad(JSON, " \n", 422, "invalid-body", "empty"),
                bad(JSON, "{", 400, "malformed-json", "end-of-input"),
                bad(JSON, "{\"topic\":\"chat\"", 400, "malformed-json", "end-of-input"),
                bad(JSON, "nope", 400, "malformed-json", "nope"),
                bad(JSON, GOOD + GOOD, 400, "malformed-json", "unexpected content after the end"),
                bad(JSON, GOOD + "x", 400, "malformed-json", "column"),
                bad(JSON, "[" + GOOD + "]]", 400, "malformed-json", "column"),
                bad(JSON, "[" + GOOD + " " + GOOD + "]", 400, "malformed-json", "column"),
                bad(JSON, "[" + GOOD + ",]", 400, "malformed-json", "column"),
                bad(JSON, "[" + GOOD, 400, "malformed-json", "end-of-input"),
                bad(JSON, GOOD.replace("1", "01"), 400, "malformed-json", "column"),
                bad(JSON, GOOD.replace("1", "{\"a\":1,\"a\":2}"), 400, "malformed-json", "'a'"),
                bad(JSON, GOOD.replace("1", "1,\"data\":2"), 400, "malformed-json", "'data'"),
                bad(JSON, GOOD.replace("1", "[".repeat(100) + "]".repeat(100)), 400, "malformed-json", "deep"),
                bad(JSON, GOOD.replace("1", "1e99999999999"), 400, "malformed-json", "exponent"),
                bad(JSON, "\"text\"", 422, "invalid-body", "object"),
                bad(JSON, "null", 422, "invalid-body", "object"),
                bad(JSON, "5", 422, "invalid-body", "object"),
                bad(JSON, "[]", 422, "invalid-body", "at least one event"),
                bad(JSON, "{}", 422, "invalid-body", "topic is required"),
                bad(JSON, "{\"type\":\"t\",\"data\":1}", 422, "invalid-body", "topic is required"),
                bad(JSON, "{\"topic\":\"chat\",\"data\":1}", 422, "invalid-body", "type is required"),
                bad(JSON, "{\"topic\":\"chat\",\"type\":\"t\"}", 422, "invalid-body", "data is required"),
                bad(JSON, "{\"topic\":5,\"type\":\"t\",\"data\":1}", 422, "invalid-body", "topic must be a string"),
                bad(JSON, "{\"topic\":{},\"type\":\"t\",\"data\":1}", 422, "invalid-body", "topic must be a string"),
                bad(JSON, "{\"topic\":null,\"type\":\"t\",\"data\":1}", 422, "invalid-body", "topic must be a string"),
                bad(JSON, "{\"topic\":\"c\",\"type\":[],\"data\":1}", 422, "invalid-body", "type must be a string"),
                bad(JSON, GOOD.replace("1", "1,\"key\":7"), 422, "invalid-body", "key must be a string"),
                bad(JSON, GOOD.replace("data", "payload"), 422, "invalid-body", "payload"),
                bad(JSON, GOOD.replace("data", "x".repeat(9999)), 422, "invalid-body", "x…"),
                bad(JSON, "[" + GOOD + ",5]", 422, "invalid-body", "index 1: "),
                bad(JSON, "[" + GOOD + ",[" + GOOD + "]]", 422, "invalid-body", "index 1: "),
                bad(JSON, "[" + GOOD + ",{}]", 422, "invalid-body", "index 1: topic is required"),
                bad(JSON, "[" + GOOD + ",{\"topic\":\"a b\"}]", 422, "invalid-body", "index 1: type is required"),
                bad(JSON, "[" + GOOD + "," + GOOD.replace("said", "a b") + "]", 422, "invalid-type", "index 1: "),
                bad(JSON, GOOD.replace("chat", ""), 422, "invalid-topic", "topic"),
                bad(JSON, GOOD.replace("chat", "a//b"), 422, "invalid-topic", "segment"),
                bad(JSON, GOOD.replace("chat", "a/**"), 422, "invalid-topic", "segment"),
                bad(JSON, GOOD.replace("chat", "x".repeat(256)), 422, "invalid-topic", "255"),
                bad(JSON, GOOD.replace("chat", "a\\r\\nid: 1"), 422, "invalid-topic", "segment"),
                bad(JSON, GOOD.replace("chat", "a\\u0000"), 422, "invalid-topic", "segment"),
                bad(JSON, GOOD.replace("said", "x".repeat(129)), 422, "invalid-type", "128"),
                bad(JSON, GOOD.replace("said", "a\\ndata: x"), 422, "invalid-type", "characters"),
                bad(JSON, GOOD.replace("said", "a\\r"), 422, "invalid-type", "characters"),
                bad(JSON, GOOD.replace("said", "\\u0000"), 422, "invalid-type", "characters"),
                bad(JSON, GOOD.replace("said", "gateway.resume"), 422, "invalid-type", "reserved"),
                bad(JSON, GOOD.replace("1", "1,\"key\":\"\""), 422, "invalid-key", "255"),
                bad(JSON, GOOD.replace("1", "1,\"key\":\"a\\nb\""), 422, "invalid-key", "control"),
                bad(JSON, GOOD.replace("1", "1,\"key\":\"" + "k".repeat(256) + "\""), 422, "invalid-key", "255"),
                bad(JSON, String.format(keyed, "[]"), 422, "invalid-body", "object"),
                bad(JSON, String.format(keyed, "{\"id\":\"other\"}"), 422, "invalid-body", "id is the key"),
                bad(
                        JSON,
                        String.format(keyed, "{}").replace("\"key\":\"s\",", ""),
                        422,
                        "invalid-key",
                        "must have a key"),
                bad(NDJSON, "", 422, "invalid-body", "at least one event"),
                bad(NDJSON, "\n \r\n\n", 422, "invalid-body", "at least one event"),
                bad(NDJSON, GOOD + "\n\n{\n", 400, "malformed-json", "line 3: "),
                bad(NDJSON, GOOD + "\n{\"topic\":\"chat\"}", 422, "invalid-body", "line 2: type is required"),
                bad(NDJSON, GOOD + "\n" + GOOD + GOOD, 400, "malformed-json", "line 2: "),
                bad(NDJSON, "[" + GOOD + "]", 422, "invalid-body", "line 1: "),
                bad(NDJSON, "{\n\"topic\":\"chat\"}", 400, "malformed-json", "line 1: "),
                bad("text/plain", GOOD, 415, "unsupported-media-type", "application/json"),
                bad("application/x-www-form-urlencoded", "a=b", 415, "unsupported-media-type", "application/json"),
                bad("multipart/form-data; boundary=x", GOOD, 415, "unsupported-media-type", "application/json"),
                bad("application/json; charset=utf-16", GOOD, 415, "unsupported-media-type", "utf-8"),
                bad("application/cloudevents+json", GOOD, 415, "unsupported-media-type", "application/json"),
                bad(null, GOOD, 415, "unsupported-media-type", "application/json"),
                bad(JSON, GOOD.replace("chat", "secret"), 403, "forbidden", "secret"),
                bad(JSON, "[" + GOOD + "," + GOOD.replace("chat", "secret/1") + "]", 403, "forbidden", "secret/1"));
    }

    private static Arguments bad(@Nullable String type, String body, int status, String code, String detail) {
        return Arguments.of(type, body, status, code, detail);
    }

    @ParameterizedTest
    @MethodSource("badInput")
    void badInputIsRefusedWholeAndTheConnectionServesOn(
            String type, String body, int status, String code, String detail) {
        Answer answer = gateway.send(POST, PATH, type, Buffer.buffer(body));

        assertEquals(code, answer.code(), answer.detail());
        assertEquals(status, answer.status());
        assertTrue(answer.detail().contains(detail), answer.detail());
        assertFalse(answer.body().matches("(?s).*(jackson|java\\.|Exception|StreamRead|io\\.).*"), answer.body());
        assertTrue(answer.body().length() < 1000);
        assertEquals(0, journal.commits.get());
        assertEquals(Map.of(), published.all());

        assertEquals(200, gateway.send(POST, PATH, GOOD).status());
        assertEquals(List.of("chat said  1"), events());
    }

    @Test
    void otherBytesThanUtf8AreRefused() {
        Buffer latin = Buffer.buffer(GOOD.replace("1", "\"ü\""), "ISO-8859-1");
        assertEquals("malformed-json", gateway.send(POST, PATH, JSON, latin).code());
        assertEquals(0, journal.commits.get());
    }

    @Test
    void aBodyOverAMebibyteIsRefusedAndOneBelowIsNot() {
        String almost = GOOD.replace("1", "\"" + "x".repeat((1 << 20) - 100) + "\"");
        assertEquals(200, gateway.send(POST, PATH, almost).status());
        Answer answer = gateway.send(POST, PATH, GOOD.replace("1", "\"" + "x".repeat(1 << 20) + "\""));
        assertEquals(413, answer.status());
        assertEquals("payload-too-large", answer.code());
        assertEquals(1, journal.head().offset());
    }

    @Test
    void whatTheJournalDidNotTakeIsNotAcknowledged() {
        journal.failing = true;
        Answer answer = gateway.send(POST, PATH, GOOD);
        assertEquals(503, answer.status());
        assertEquals("storage-unavailable", answer.code());
        assertEquals(Map.of(), published.all());

        journal.failing = false;
        assertEquals(200, gateway.send(POST, PATH, GOOD).status());
        assertEquals(1, journal.head().offset());
    }

    @Test
    void publishingWorksWithNobodyListening() {
        gateway.router
                .post("/quiet")
                .handler(new PublishHandler(
                        new Appender(gateway.vertx.eventBus())::append,
                        new PublishMetrics(new CompositeMeterRegistry())));
        assertEquals(200, gateway.send(POST, "/quiet", GOOD).status());
        assertEquals(422, gateway.send(POST, "/quiet", "{}").status());
    }

    private Future<Answer> publishing(String body, String... headers) {
        MultiMap all = MultiMap.caseInsensitiveMultiMap();
        for (int i = 0; i < headers.length; i += 2) {
            all.add(headers[i], headers[i + 1]);
        }
        return gateway.sending(POST, PATH, JSON, Buffer.buffer(body), all);
    }

    private Answer publish(String body, String... headers) {
        return Gateway.await(publishing(body, headers));
    }

    @Test
    void aRequestWithTheSameIdempotencyKeyGetsTheFirstAnswerAndIsNotPublishedAgain() {
        Answer first = publish("[" + GOOD + "," + GOOD + "]", "Idempotency-Key", "\"a-key\"");
        assertEquals(Map.of("other", 2), published.all());
        publish(GOOD.replace("1", "2"));
        assertEquals(Map.of("other", 3), published.all());
        Answer again = publish("[" + GOOD + ", " + GOOD + " ]", "idempotency-key", "\"a-key\"");
        assertEquals(200, again.status());
        assertEquals(first.json(), again.json());
        assertEquals("true", again.headers().get("Idempotent-Replayed"));
        assertNull(first.headers().get("Idempotent-Replayed"));
        assertEquals(List.of("chat said  1", "chat said  1", "chat said  2"), events());
        assertEquals(Map.of("other", 3), published.all());
    }

    @Test
    void anotherBodyUnderTheSameIdempotencyKeyIsRefused() {
        publish(GOOD, "Idempotency-Key", "k");
        Answer other = publish(GOOD.replace("1", "2"), "Idempotency-Key", "k");
        assertEquals(422, other.status());
        assertEquals("idempotency-mismatch", other.code());
        assertEquals(List.of("chat said  1"), events());
        assertEquals(
                200,
                publish(GOOD.replace("1", "2"), "Idempotency-Key", "k", "Caller", "else")
                        .status());
    }

    @Test
    void anEventWithTheSameIdIsPublishedOnce() {
        String one = GOOD.replace("1", "1,\"id\":\"i-1\"");
        String two = GOOD.replace("1", "2,\"id\":\"i-2\"");
        Answer first = publish(one);
        Answer both = publish("[" + one + "," + two + "]");
        assertEquals(first.json(), publish(one).json());
        assertEquals(2, both.json().getInteger("count"));
        assertEquals(both.json(), publish("[" + one + "," + two + "]").json());
        assertEquals(List.of("chat said  1", "chat said  2"), events());
        assertEquals(
                "idempotency-mismatch", publish(one.replace("said", "sung")).code());
    }

    @ParameterizedTest
    @ValueSource(strings = {"a key", "k\u00e9", "\t"})
    void anIdempotencyKeyIsVisibleAscii(String key) {
        assertEquals("invalid-parameter", publish(GOOD, "Idempotency-Key", key).code());
        String id = JsonObject.of("id", key).encode();
        String member = id.substring(1, id.length() - 1);
        assertEquals("invalid-body", publish(GOOD.replace("1", "1," + member)).code());
        assertEquals(0, journal.head().offset());
    }

    @Test
    void anIdempotencyKeyHasABoundAndComesOnce() {
        assertEquals(200, publish(GOOD, "Idempotency-Key", "k".repeat(255)).status());
        assertEquals(
                "invalid-parameter",
                publish(GOOD, "Idempotency-Key", "k".repeat(256)).code());
        assertEquals("invalid-parameter", publish(GOOD, "Idempotency-Key", "").code());
        assertEquals(
                "invalid-parameter",
                publish(GOOD, "Idempotency-Key", "a", "Idempotency-Key", "b").code());
        assertEquals("invalid-body", publish(GOOD.replace("1", "1,\"id\":7")).code());
    }

    private List<String> events() {
        return Gateway.await(journal.readLast(Selection.ofTopics(TopicPattern.ALL), 10)).events().stream()
                .map(event ->
                        event.topic() + " " + event.type() + " " + event.key().orElse("") + " " + event.data())
                .toList();
    }
}
