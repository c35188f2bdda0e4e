package io.tidegate.corpus;

import static io.tidegate.corpus.Http.get;
import static io.tidegate.corpus.Http.request;
import static io.tidegate.corpus.Row.answered;
import static io.tidegate.corpus.Row.refused;

import java.util.List;
import java.util.stream.Stream;

/**
 * Requests with malicious paths, parameters and methods: path traversal, alternative spellings of prefixes, invalid
 * names.
 */
final class TargetRows {

    private TargetRows() {}

    static Stream<Row> all() {
        return Stream.of(spellings(), refusedByBoth(), parameters(), names(), methods(), pages())
                .flatMap(rows -> rows);
    }

    /** Returns rows with targets that nginx forwards unchanged. */
    private static Stream<Row> spellings() {
        return Stream.of(
                        "/api/../health",
                        "/api/%2e%2e/health",
                        "/api/%2E./health",
                        "/api/./events",
                        "/api/..;/health",
                        "/api/..;x=y/health",
                        "/api/%252e%252e/health",
                        "/api/..%2fhealth",
                        "/api/..%252fhealth",
                        "/api/..%5chealth",
                        "/api/%c0%ae%c0%ae/health",
                        "/api/%e0%80%ae/health",
                        "/api%2fevents",
                        "/api%2Fsessions",
                        "/api%5cevents",
                        "/api\\events",
                        "//api/events",
                        "/api//events",
                        "/;/api/events",
                        "/api/;x/events",
                        "/shop/../api/streams",
                        "/shop/%2e%2e/api/streams",
                        "/shop/..\\..\\etc\\passwd",
                        "/ws/../api/sessions",
                        "/ws/..;/api/sessions",
                        "/health/../api/streams",
                        "/health/%2e%2e/api/streams",
                        "/caf\u00e9",
                        "/api/events#part")
                .map(target -> refused("path", get(target, Callers.VIEWER), 400, "invalid-target"));
    }

    private static Stream<Row> refusedByBoth() {
        return Stream.of(
                refused("path", get("/../../etc/passwd", Callers.VIEWER), 400, "invalid-target")
                        .nginx(400),
                refused("path", get("/shop/..%2f..%2f..%2fetc%2fpasswd"), 400, "invalid-target")
                        .nginx(400),
                refused("path", get("/client.js/../../data/tidegate.key"), 400, "invalid-target")
                        .nginx(400),
                refused("path", get("/%2e%2e/%2e%2e/etc/passwd", Callers.VIEWER), 400, "invalid-target")
                        .nginx(400),
                refused("path", get("/api/sessions/%00", Callers.VIEWER), 400, "invalid-target")
                        .nginx(400),
                refused("path", get("/api/%zz", Callers.VIEWER), 400, "invalid-target")
                        .nginx(400),
                refused("path", get("/api/sessions/a%2", Callers.VIEWER), 400, "invalid-target")
                        .nginx(400),
                // The host of the target takes precedence, and Host is ignored (RFC 9112, 3.2.2).
                refused("absolute target", get("http://127.0.0.1/api/bogus", Callers.VIEWER), 404, "not-found"),
                refused("absolute target", get("http://evil.example/api/bogus", Callers.VIEWER), 404, "not-found"),
                answered("absolute target", get("http://evil.example/shop/a"), 200)
                        .has("GET /shop/a"),
                refused("absolute target", get("http://evil.example/api/../health"), 400, "invalid-target"),
                refused("absolute target", get("http://evil.example#/health"), 400, "invalid-target")
                        .nginx(400),
                refused("absolute target", get("ftp://evil.example/health"), 400, "invalid-target")
                        .nginx(200),
                refused("absolute target", get("https://user@evil.example/", Callers.VIEWER), 400, "invalid-target")
                        .nginx(400),
                answered("asterisk", request("OPTIONS", "*"), 204).nginx(400),
                refused("authority", request("CONNECT", "evil.example:443"), 501, "not-implemented")
                        .nginx(400),
                refused("tracing", request("TRACE", "/api/events", Callers.VIEWER), 405, "method-not-allowed")
                        .nginx(405));
    }

    private static Stream<Row> parameters() {
        Stream<Row> topics = Stream.of(
                        "a%0Ab", "a%0D%0Aid:7", "a%00b", "a".repeat(300), "a,,b", "%ff", "../a", "/", "**/a")
                .map(topic ->
                        refused("parameter", get("/api/events?topics=" + topic, Callers.VIEWER), 422, "invalid-topic"));
        Stream<Row> types = Stream.of("a%00", "a%0A", "a".repeat(200), "*a", "a**")
                .map(type ->
                        refused("parameter", get("/api/events?types=" + type, Callers.VIEWER), 422, "invalid-type"));
        List<String> positions = List.of(
                "garbage",
                "abc-99999999999999999999",
                "abc-9223372036854775808",
                "abc--1",
                "abc-+1",
                "abc-0x1",
                "abc-1-1",
                "a%0Ab-1",
                "a%00-1",
                "a:b-1",
                "-1",
                "abc-",
                "a".repeat(3000) + "-1");
        Stream<Row> since = positions.stream()
                .map(position ->
                        refused("cursor", get("/api/events?since=" + position, Callers.VIEWER), 400, "invalid-cursor"));
        Stream<Row> lastEventId = Stream.of(
                        "garbage", "abc--1", "a b-1", "'; drop table events", "a".repeat(3000) + "-1")
                .flatMap(id -> Stream.of("/api/events", "/api/sse/sessions")
                        .map(path -> refused(
                                "cursor",
                                get(path, Callers.VIEWER, "Accept: text/event-stream", "Last-Event-ID: " + id),
                                400,
                                "invalid-cursor")));
        Stream<Row> numbers = Stream.of(
                        "topics=%zz",
                        "topics=a%2",
                        "limit=0",
                        "limit=-1",
                        "limit=ten",
                        "limit=99999999999",
                        "limit=1e3",
                        "limit=%D9%A1",
                        "wait=-1",
                        "wait=1.5",
                        "wait=NaN",
                        "wait=99999999999999999999")
                .map(query ->
                        refused("parameter", get("/api/events?" + query, Callers.VIEWER), 400, "invalid-parameter"));
        return Stream.of(topics, types, since, lastEventId, numbers).flatMap(rows -> rows);
    }

    private static Stream<Row> names() {
        String patch = "{}";
        return Stream.of(
                refused("name", Http.json("PATCH", "/api/sessions/a%0d%0ab", patch), 422, "invalid-key"),
                refused("name", Http.json("PATCH", "/api/sessions/" + "a".repeat(300), patch), 422, "invalid-key"),
                refused("name", Http.json("PATCH", "/api/items/a%0ab", patch), 422, "invalid-key"),
                refused("name", Http.json("PATCH", "/api/deploys/a%0ab", patch), 422, "invalid-topic"),
                refused("name", Http.json("PATCH", "/api/deploys/*", patch), 422, "invalid-topic"),
                refused("name", Http.json("POST", "/api/sessions", "{\"id\":\"a\\nb\"}"), 422, "invalid-key"),
                refused("name", Http.json("POST", "/api/sessions", "{\"id\":\"a\\u0000\"}"), 422, "invalid-key"),
                refused("name", Http.json("POST", "/api/deploys", "{\"id\":\"a/b\"}"), 422, "invalid-key"),
                refused("name", Http.json("POST", "/api/deploys", "{\"id\":\"..\"}"), 422, "invalid-key"),
                refused("name", get("/api/sse/bogus", Callers.VIEWER), 404, "unknown-kind"),
                refused("name", get("/api/bogus", Callers.VIEWER), 404, "not-found"),
                refused("name", get("/api", Callers.VIEWER), 404, "not-found"),
                refused("name", get("/API/streams", Callers.VIEWER), 404, "not-found"),
                refused("name", get("/api/deploys/none/logs", Callers.VIEWER), 404, "not-found"),
                refused("name", get("/events/none", Callers.VIEWER), 404, "not-found"),
                refused("name", get("/metrics", Callers.VIEWER), 404, "not-found"),
                refused("name", get("/.git/config", Callers.VIEWER), 404, "not-found"),
                refused("name", get("/tidegate.key", Callers.VIEWER), 404, "not-found"),
                refused("name", get("/data/journal.db", Callers.VIEWER), 404, "not-found"),
                refused("name", get("/META-INF/MANIFEST.MF", Callers.VIEWER), 404, "not-found"),
                refused("name", get("/io/tidegate/Gateway.class", Callers.VIEWER), 404, "not-found"),
                refused("name", get("/shopx", Callers.VIEWER), 404, "not-found"),
                refused("name", get("/SHOP/a", Callers.VIEWER), 404, "not-found"));
    }

    private static Stream<Row> methods() {
        return Stream.of(
                notAllowed("PUT", "/api/events").header("Allow", "GET, HEAD, OPTIONS, POST"),
                notAllowed("BREW", "/api/events"),
                notAllowed("PROPFIND", "/api/events"),
                notAllowed("DELETE", "/api/sessions"),
                notAllowed("GET", "/api/sessions/a"),
                notAllowed("GET", "/api/ticket"),
                notAllowed("POST", "/api/sse/sessions"),
                notAllowed("POST", "/health"),
                refused("method", request("POST", "/api/bogus", Callers.PUBLISHER), 404, "not-found"),
                refused("method", request("DELETE", "/nowhere", Callers.PUBLISHER), 404, "not-found"));
    }

    /** Returns rows that check that text from a page's URL does not become part of the response. */
    private static Stream<Row> pages() {
        String html = "Accept: text/html";
        return Stream.of(
                answered("answer splitting", get("/deployment/a%0d%0aX-Split:%20y", html), 200)
                        .header("X-Split", ""),
                answered("script in a path", get("/%3Cscript%3Ealert(1)%3C/script%3E", html), 200)
                        .lacks("<script>alert"),
                refused("script in a path", get("/api/%3Cscript%3Ealert(1)", html), 404, "not-found")
                        .lacks("script"),
                answered("redirect elsewhere", get("/a?ticket={ticket}&next=//evil.example", html), 303)
                        .header("Location", "/a?next=%2F%2Fevil.example"),
                refused("redirect elsewhere", get("//evil.example?ticket={ticket}", html), 400, "invalid-target"),
                refused("redirect elsewhere", get("/\\evil.example?ticket={ticket}", html), 400, "invalid-target"));
    }

    private static Row notAllowed(String method, String path) {
        return refused("method", request(method, path, Callers.PUBLISHER), 405, "method-not-allowed");
    }
}
