package io.tidegate.corpus;

import static io.tidegate.corpus.Http.MEGABYTE;
import static io.tidegate.corpus.Http.event;
import static io.tidegate.corpus.Http.framed;
import static io.tidegate.corpus.Http.get;
import static io.tidegate.corpus.Row.refused;

import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Requests that exceed a size limit. */
final class SizeRows {

    private static final String EVENTS = "/api/events";

    private SizeRows() {}

    static Stream<Row> all() {
        return Stream.of(heads(), bodies(), fields()).flatMap(rows -> rows);
    }

    private static Stream<Row> heads() {
        String[] many = IntStream.range(0, 200).mapToObj(i -> "X-" + i + ": y").toArray(String[]::new);
        return Stream.of(
                refused("target", get("/api/events?since=" + "a".repeat(10_000)), 414, "target-too-long")
                        .thenCloses(),
                refused("target", get("/" + "a".repeat(20_000)), 414, "target-too-long")
                        .nginx(414)
                        .thenCloses(),
                refused("method", "A".repeat(10_000) + " / HTTP/1.1\r\nHost: a\r\n\r\n", 414, "target-too-long")
                        .thenCloses(),
                refused("header", get("/", "X: " + "a".repeat(40_000)), 431, "headers-too-large")
                        .nginx(400)
                        .thenCloses(),
                refused("header", get("/", "a".repeat(40_000) + ": x"), 431, "headers-too-large")
                        .nginx(400)
                        .thenCloses(),
                refused("header", get("/", "Cookie: a=" + "b".repeat(40_000)), 431, "headers-too-large")
                        .nginx(400)
                        .thenCloses(),
                refused(
                                "header",
                                get("/api/events", "Last-Event-ID: " + "a".repeat(10 * MEGABYTE)),
                                431,
                                "headers-too-large")
                        .nginx(400)
                        .thenCloses(),
                refused("headers", get("/", many), 431, "headers-too-large").thenCloses(),
                refused(
                                "headers",
                                get("/", "A: " + "a".repeat(20_000), "B: " + "b".repeat(20_000)),
                                431,
                                "headers-too-large")
                        .thenCloses());
    }

    private static Stream<Row> bodies() {
        String text = "\"" + "x".repeat(MEGABYTE) + "\"";
        return Stream.of(
                large(Http.json("POST", EVENTS, event("a", "t", text))),
                large(Http.json("POST", "/api/sessions", "{\"x\":" + text + "}")),
                large(Http.json("PUT", "/api/server/state", "{\"x\":" + text + "}")),
                large(framed(EVENTS, "Transfer-Encoding: chunked\r\n", chunk(event("a", "t", text)))),
                large(framed("/api/sessions", "Transfer-Encoding: chunked\r\n", chunk("{\"x\":" + text + "}"))));
    }

    private static Stream<Row> fields() {
        return Stream.of(
                refused("topic", Http.json("POST", EVENTS, event("a".repeat(256), "t", "1")), 422, "invalid-topic"),
                refused(
                        "topic",
                        Http.json("POST", EVENTS, event("a/".repeat(17) + "a", "t", "1")),
                        422,
                        "invalid-topic"),
                refused("topic", Http.json("POST", EVENTS, event("", "t", "1")), 422, "invalid-topic"),
                refused("type", Http.json("POST", EVENTS, event("a", "t".repeat(129), "1")), 422, "invalid-type"),
                refused("type", Http.json("POST", EVENTS, event("a", "", "1")), 422, "invalid-type"),
                refused("type", Http.json("POST", EVENTS, event("a", "gateway.resume", "1")), 422, "invalid-type"),
                refused("key", Http.json("POST", EVENTS, keyed("k".repeat(256))), 422, "invalid-key"),
                refused("key", Http.json("POST", EVENTS, keyed("")), 422, "invalid-key"),
                refused("key", Http.json("POST", EVENTS, keyed("k\\n")), 422, "invalid-key"),
                refused("key", Http.json("POST", EVENTS, keyed("k\\r")), 422, "invalid-key"),
                refused("key", Http.json("POST", EVENTS, keyed("k\\u0000")), 422, "invalid-key"),
                refused(
                        "key",
                        Http.json("POST", "/api/sessions", "{\"id\":\"" + "a".repeat(300) + "\"}"),
                        422,
                        "invalid-key"),
                refused(
                        "idempotency key",
                        Http.send(
                                "POST",
                                EVENTS,
                                "application/json",
                                event("a", "t", "1"),
                                Callers.PUBLISHER,
                                "Idempotency-Key: " + "k".repeat(1000)),
                        400,
                        "invalid-parameter"));
    }

    private static Row large(String request) {
        return refused("body", request, 413, "payload-too-large").nginx(413);
    }

    private static String chunk(String body) {
        return Integer.toHexString(body.length()) + "\r\n" + body + "\r\n0\r\n\r\n";
    }

    private static String keyed(String key) {
        return "{\"topic\":\"a\",\"type\":\"t\",\"key\":\"" + key + "\",\"data\":1}";
    }
}
