package io.tidegate.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.RawClient;
import io.tidegate.RawClient.Answer;
import io.tidegate.TestNode;
import io.tidegate.problem.Problem;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is not as it should be, byte by byte on a socket, against a whole node. */
@SuppressWarnings("NullAway.Init") // filled before all tests
class BadInputTest {

    private static final int MEGABYTE = 1 << 20;

    @TempDir
    private static Path data;

    private static TestNode node;

    /** A request, and what it has to be answered with. */
    private record Row(String request, int status, String code) {
        @Override
        public String toString() {
            String brief = request.replaceAll("\r\n", "⏎").replaceAll("(.)\\1{20,}", "$1…");
            return code + " " + (brief.length() > 240 ? brief.substring(0, 240) : brief);
        }
    }

    @BeforeAll
    static void start() throws Exception {
        node = TestNode.start(data);
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    static Stream<Row> bodies() {
        String events = "/api/events";
        return Stream.of(
                malformed(events, "{"),
                malformed(events, "not json"),
                malformed(events, "{\"topic\":\"a\",\"type\":\"t\",\"data\":1}{}"),
                malformed(events, "{\"topic\":\"a\",\"topic\":\"b\",\"type\":\"t\",\"data\":1}"),
                malformed(events, event("a", "t", "[".repeat(200) + "]".repeat(200))),
                malformed(events, event("a", "t", "{\"a\":1,\"a\":2}")),
                malformed(events, event("a", "t", "1e99999999999")),
                malformed(events, event("a", "t", "\"\u00ff\"")),
                malformed(events, event("a", "t", "\"\u0000\"")),
                malformed(events, "[" + event("a", "t", "1") + "," + event("a", "t", "}") + "]"),
                malformed("/api/sessions", "{\"id\":\"a\",\"id\":\"b\"}"),
                malformed("/api/deploys", "[".repeat(200)),
                post(events, "", "", 415, "unsupported-media-type"),
                post(events, "text/plain", event("a", "t", "1"), 415, "unsupported-media-type"),
                post(events, "application/json; charset=latin1", event("a", "t", "1"), 415, "unsupported-media-type"),
                post(events, "application/x-www-form-urlencoded", "topic=a", 415, "unsupported-media-type"),
                post(events, "multipart/form-data; boundary=x", "--x--", 415, "unsupported-media-type"),
                post("/api/sessions", "text/plain", "{}", 415, "unsupported-media-type"),
                json(events, "", 422, "invalid-body"),
                json(events, "[]", 422, "invalid-body"),
                json(events, "7", 422, "invalid-body"),
                json(events, "{\"type\":\"t\",\"data\":1}", 422, "invalid-body"),
                json(events, "{\"topic\":\"a\",\"data\":1}", 422, "invalid-body"),
                json(events, "{\"topic\":\"a\",\"type\":\"t\"}", 422, "invalid-body"),
                json(events, "{\"topic\":7,\"type\":\"t\",\"data\":1}", 422, "invalid-body"),
                json(events, "{\"topic\":\"a\",\"type\":\"t\",\"data\":1,\"surprise\":1}", 422, "invalid-body"),
                json(events, "[" + event("a", "t", "1") + ",{}]", 422, "invalid-body"),
                json("/api/sessions", "[]", 422, "invalid-body"),
                json("/api/deploys", "{\"recipe\":\"rm\"}", 422, "unknown-recipe"),
                json(events, event("", "t", "1"), 422, "invalid-topic"),
                json(events, event("a".repeat(256), "t", "1"), 422, "invalid-topic"),
                json(events, event("a\\r\\nid: 7", "t", "1"), 422, "invalid-topic"),
                json(events, event("a/../b", "t", "1"), 422, "invalid-topic"),
                json(events, event("a\\u0000", "t", "1"), 422, "invalid-topic"),
                json(events, event("a", "t".repeat(129), "1"), 422, "invalid-type"),
                json(events, event("a", "t\\ndata: forged", "1"), 422, "invalid-type"),
                json(events, event("a", "t\\u0000", "1"), 422, "invalid-type"),
                json(events, event("a", "gateway.resume", "1"), 422, "invalid-type"),
                json(events, keyed("k\\n"), 422, "invalid-key"),
                json(events, keyed("k".repeat(256)), 422, "invalid-key"),
                json(events, keyed(""), 422, "invalid-key"),
                json("/api/sessions", "{\"id\":\"a\\nb\"}", 422, "invalid-key"),
                json("/api/sessions", "{\"id\":\"" + "a".repeat(300) + "\"}", 422, "invalid-key"),
                json("/api/deploys", "{\"id\":\"a/b\"}", 422, "invalid-key"),
                json(events, event("a", "t", "\"" + "x".repeat(MEGABYTE) + "\""), 413, "payload-too-large"),
                json("/api/sessions", "{\"x\":\"" + "x".repeat(MEGABYTE) + "\"}", 413, "payload-too-large"),
                chunked(events, event("a", "t", "\"" + "x".repeat(MEGABYTE) + "\"")),
                chunked("/api/sessions", "{\"x\":\"" + "x".repeat(MEGABYTE) + "\"}"));
    }

    static Stream<Row> targets() {
        return Stream.of(
                get("/api/sse/bogus", 404, "unknown-kind"),
                get("/api/bogus", 404, "not-found"),
                get("/api", 404, "not-found"),
                get("/api/deploys/none/logs", 404, "not-found"),
                get("/api/deploys/none/logs?since=oldest", 404, "not-found"),
                get("/events/none", 404, "not-found"),
                get("/api/events?topics=a%0Ab", 422, "invalid-topic"),
                get("/api/events?topics=" + "a".repeat(300), 422, "invalid-topic"),
                get("/api/events?topics=a,,b", 422, "invalid-topic"),
                get("/api/events?topics=%ff", 422, "invalid-topic"),
                get("/api/events?types=a%00", 422, "invalid-type"),
                get("/api/events?types=" + "a".repeat(200), 422, "invalid-type"),
                get("/api/events?topics=%zz", 400, "invalid-parameter"),
                get("/api/events?topics=a%2", 400, "invalid-parameter"),
                get("/api/events?since=garbage", 400, "invalid-cursor"),
                get("/api/events?since=abc-99999999999999999999", 400, "invalid-cursor"),
                get("/api/events?since=abc-9223372036854775808", 400, "invalid-cursor"),
                get("/api/events?since=abc--1", 400, "invalid-cursor"),
                get("/api/events?since=a%0Ab-1", 400, "invalid-cursor"),
                get("/api/events?since=" + "a".repeat(3000) + "-1", 400, "invalid-cursor"),
                get("/api/events?limit=0", 400, "invalid-parameter"),
                get("/api/events?limit=-1", 400, "invalid-parameter"),
                get("/api/events?limit=ten", 400, "invalid-parameter"),
                get("/api/events?limit=99999999999", 400, "invalid-parameter"),
                get("/api/events?wait=-1", 400, "invalid-parameter"),
                get("/api/events?wait=1.5", 400, "invalid-parameter"),
                stream("/api/events", "garbage", 400, "invalid-cursor"),
                stream("/api/events", "a".repeat(4000) + "-1", 400, "invalid-cursor"),
                stream("/api/sse/sessions", "garbage", 400, "invalid-cursor"),
                stream("/api/events?topics=a%00b", "", 422, "invalid-topic"),
                patch("/api/sessions/a%0d%0ab", 422, "invalid-key"),
                patch("/api/sessions/" + "a".repeat(300), 422, "invalid-key"),
                patch("/api/items/a%0ab", 422, "invalid-key"),
                patch("/api/deploys/a%0ab", 422, "invalid-topic"),
                patch("/api/sessions/%zz", 400, "invalid-target"),
                patch("/api/sessions/a%2", 400, "invalid-target"),
                get("/api/../health", 400, "invalid-target"),
                get("/api/%2e%2e/health", 400, "invalid-target"),
                get("/api/./events", 400, "invalid-target"),
                get("/api%2fevents", 400, "invalid-target"),
                get("/api%5cevents", 400, "invalid-target"),
                get("/api\\events", 400, "invalid-target"),
                get("//api/events", 400, "invalid-target"),
                get("/api//events", 400, "invalid-target"),
                get("/api/sessions/%00", 400, "invalid-target"),
                get("/api/events#part", 400, "invalid-target"),
                get("http://127.0.0.1/api/events", 400, "invalid-target"),
                get("/caf\u00e9", 400, "invalid-target"),
                of("OPTIONS", "*", 404, "not-found"),
                of("PUT", "/api/events", 405, "method-not-allowed"),
                of("BREW", "/api/events", 405, "method-not-allowed"),
                of("DELETE", "/api/sessions", 405, "method-not-allowed"),
                of("GET", "/api/sessions/a", 405, "method-not-allowed"),
                of("GET", "/api/ticket", 405, "method-not-allowed"),
                of("POST", "/api/sse/sessions", 405, "method-not-allowed"),
                of("POST", "/health", 405, "method-not-allowed"),
                of("POST", "/api/bogus", 404, "not-found"),
                of("DELETE", "/nowhere", 404, "not-found"),
                new Row("GET /api/events HTTP/1.1\r\n\r\n", 400, "malformed-request"),
                new Row(
                        head("POST", "/api/sessions")
                                + "Expect: the-impossible\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}",
                        400,
                        "malformed-request"),
                new Row(
                        "POST /api/events HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nunwelcome",
                        401,
                        "unauthenticated"),
                new Row(
                        "GET /api/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer a.b.c\r\n\r\n",
                        401,
                        "unauthenticated"));
    }

    /** After these nobody knows where the next request begins. */
    static Stream<Row> heads() {
        return Stream.of(
                get("/api/events?since=" + "a".repeat(8000), 414, "target-too-long"),
                new Row(head("GET", "/") + "X: " + "a".repeat(20_000) + "\r\n\r\n", 431, "headers-too-large"),
                new Row(
                        head("GET", "/api/events") + "Last-Event-ID: " + "a".repeat(10 * MEGABYTE) + "\r\n\r\n",
                        431,
                        "headers-too-large"),
                new Row("nonsense\r\n\r\n", 400, "malformed-request"),
                framed("Content-Length: 2\r\nContent-Length: 3\r\n", "{}"),
                framed("Content-Length: 2, 3\r\n", "{}"),
                framed("Content-Length: -2\r\n", "{}"),
                framed("Content-Length: two\r\n", "{}"),
                framed("Content-Length: 2\r\nTransfer-Encoding: chunked\r\n", "2\r\n{}\r\n0\r\n\r\n"),
                framed("Transfer-Encoding: chunked\r\nContent-Length: 2\r\n", "2\r\n{}\r\n0\r\n\r\n"),
                framed("Content Length: 2\r\n", "{}"),
                framed("X-One: a\u0000b\r\nContent-Length: 2\r\n", "{}"));
    }

    @ParameterizedTest
    @MethodSource({"bodies", "targets"})
    void isRefusedAndTheConnectionServesOn(Row row) throws Exception {
        String before = cursor();
        try (RawClient client = new RawClient(node.port())) {
            assertRefused(row, client.send(signed(row)).answer());
            assertEquals(
                    200,
                    client.send("GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n")
                            .answer()
                            .status());
        }
        assertEquals(before, cursor());
    }

    @ParameterizedTest
    @MethodSource("heads")
    void whatLeavesTheEndOfARequestOpenEndsTheConnection(Row row) throws Exception {
        String before = cursor();
        try (RawClient client = new RawClient(node.port())) {
            sendWhatIsRead(client, signed(row));
            assertRefused(row, client.answer());
        }
        assertEquals(before, cursor());
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Xength", "content-_ength", "Content-0ength"})
    void aNameThatLooksLikeContentLengthIsNoLength(String name) throws Exception {
        String next = "GET /ready HTTP/1.1\r\nHost: localhost\r\n\r\n";
        try (RawClient client = new RawClient(node.port())) {
            client.send(
                    "GET /health HTTP/1.1\r\nHost: localhost\r\n" + name + ": " + next.length() + "\r\n\r\n" + next);
            assertEquals("{\"status\":\"UP\"}", client.answer().body());
            assertTrue(client.answer().body().contains("\"dependencies\""), "the second request was taken for a body");
        }
    }

    @Test
    void aNameThatLooksLikeContentTypeIsNoType() throws Exception {
        try (RawClient client = new RawClient(node.port())) {
            client.send(head("POST", "/api/sessions").replace("{token}", node.publisher())
                    + "Content-Xype: application/json\r\nContent-Length: 2\r\n\r\n{}");
            assertEquals(415, client.answer().status());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/health", "/ready", "/api/events", "/api/sessions", "/", "/lab", "/client.js"})
    void headIsGetWithoutItsBody(String path) throws Exception {
        try (RawClient client = new RawClient(node.port())) {
            Answer answer = client.send(signed(of("HEAD", path, 200, ""))).head();
            assertEquals(200, answer.status());
            assertFalse(answer.header("Content-Type").isEmpty());
            assertEquals(
                    404,
                    client.send(signed(of("HEAD", "/api/bogus", 404, "")))
                            .head()
                            .status());
            assertEquals(200, client.send(signed(get(path, 200, ""))).answer().status());
        }
    }

    @Test
    void headOfAStreamIsThatOfThePage() throws Exception {
        try (RawClient client = new RawClient(node.port())) {
            String request = head("HEAD", "/api/events") + "Accept: text/event-stream\r\n\r\n";
            Answer answer =
                    client.send(request.replace("{token}", node.publisher())).head();
            assertEquals("application/json", answer.header("Content-Type"));
            assertEquals(
                    200, client.send(signed(get("/health", 200, ""))).answer().status());
        }
    }

    @Test
    void aPathSaysWhichMethodsItHas() throws Exception {
        try (RawClient client = new RawClient(node.port())) {
            Answer options =
                    client.send(signed(of("OPTIONS", "/api/events", 204, ""))).answer();
            assertEquals(204, options.status());
            assertEquals("GET, HEAD, OPTIONS, POST", options.header("Allow"));
            Answer refused =
                    client.send(signed(of("PUT", "/api/sse/items", 405, ""))).answer();
            assertEquals("GET, OPTIONS", refused.header("Allow"));
        }
    }

    @Test
    void whoWaitsForLeaveToSendABodyGetsItOnceAndOnlyWhenWelcome() throws Exception {
        String rest = "Content-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n";
        try (RawClient client = new RawClient(node.port())) {
            client.send(head("PATCH", "/api/sessions/none").replace("{token}", node.publisher()) + rest);
            assertEquals(100, client.head().status());
            assertEquals(404, client.send("{}").answer().status());
        }
        try (RawClient client = new RawClient(node.port())) {
            client.send(head("PATCH", "/api/sessions/none").replace("{token}", node.viewer()) + rest);
            assertEquals(403, client.answer().status());
        }
    }

    @Test
    void apiPathsAreNeverAnsweredWithAPage() throws Exception {
        String html = "Accept: text/html\r\n\r\n";
        try (RawClient client = new RawClient(node.port())) {
            assertEquals(
                    Problem.MEDIA_TYPE,
                    client.send(head("GET", "/api/bogus").replace("{token}", node.viewer()) + html)
                            .answer()
                            .header("Content-Type"));
            assertTrue(client.send("GET /some/view HTTP/1.1\r\nHost: localhost\r\n" + html)
                    .answer()
                    .header("Content-Type")
                    .startsWith("text/html"));
        }
    }

    private static void assertRefused(Row row, Answer answer) {
        assertEquals(row.code(), answer.json().getString("code"), answer.body());
        assertEquals(row.status(), answer.status());
        assertEquals(Problem.MEDIA_TYPE, answer.header("Content-Type"));
        assertEquals(
                Set.of("type", "title", "status", "code", "detail"),
                answer.json().fieldNames());
        assertEquals(row.status(), answer.json().getInteger("status"));
        String body = answer.body().toLowerCase(Locale.ROOT);
        List.of(
                        "exception",
                        "java",
                        "io.vertx",
                        "netty",
                        "jackson",
                        "at io.",
                        data.toString(),
                        token().toLowerCase(Locale.ROOT))
                .forEach(secret -> assertFalse(body.contains(secret), body));
    }

    /** The server may have hung up before it was sent everything. */
    private static void sendWhatIsRead(RawClient client, String request) {
        try {
            client.send(request);
        } catch (java.io.IOException hungUp) {
            assertTrue(request.length() > MEGABYTE, hungUp.toString());
        }
    }

    private static String cursor() throws Exception {
        return node.get("/api/events?limit=1")
                .headers()
                .firstValue("Tidegate-Cursor")
                .orElseThrow();
    }

    private static String token() {
        return node.publisher().substring("Authorization: Bearer ".length());
    }

    private static String signed(Row row) {
        return row.request().replace("{token}", node.publisher());
    }

    private static String head(String method, String target) {
        return method + " " + target + " HTTP/1.1\r\nHost: localhost\r\n{token}\r\n";
    }

    private static Row of(String method, String target, int status, String code) {
        return new Row(head(method, target) + "\r\n", status, code);
    }

    private static Row get(String target, int status, String code) {
        return of("GET", target, status, code);
    }

    private static Row stream(String target, String lastEventId, int status, String code) {
        String headers = "Accept: text/event-stream\r\nLast-Event-ID: " + lastEventId + "\r\n\r\n";
        return new Row(head("GET", target) + headers, status, code);
    }

    private static Row patch(String target, int status, String code) {
        return with("PATCH", target, "application/json", "{}", status, code);
    }

    private static Row json(String target, String body, int status, String code) {
        return post(target, "application/json", body, status, code);
    }

    private static Row malformed(String target, String body) {
        return json(target, body, 400, "malformed-json");
    }

    private static Row post(String target, String type, String body, int status, String code) {
        return with("POST", target, type, body, status, code);
    }

    private static Row with(String method, String target, String type, String body, int status, String code) {
        String contentType = type.isEmpty() ? "" : "Content-Type: " + type + "\r\n";
        String length = "Content-Length: " + body.length() + "\r\n\r\n";
        return new Row(head(method, target) + contentType + length + body, status, code);
    }

    private static Row chunked(String target, String body) {
        String headers = "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";
        String chunk = Integer.toHexString(body.length()) + "\r\n" + body + "\r\n0\r\n\r\n";
        return new Row(head("POST", target) + headers + chunk, 413, "payload-too-large");
    }

    private static Row framed(String headers, String body) {
        String type = "Content-Type: application/json\r\n";
        return new Row(head("POST", "/api/sessions") + type + headers + "\r\n" + body, 400, "malformed-request");
    }

    private static String event(String topic, String type, String json) {
        return "{\"topic\":\"" + topic + "\",\"type\":\"" + type + "\",\"data\":" + json + "}";
    }

    private static String keyed(String key) {
        return "{\"topic\":\"a\",\"type\":\"t\",\"key\":\"" + key + "\",\"data\":1}";
    }
}
