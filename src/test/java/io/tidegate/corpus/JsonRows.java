package io.tidegate.corpus;

import static io.tidegate.corpus.Http.event;
import static io.tidegate.corpus.Row.refused;

import java.util.stream.Stream;

/** Bodies that are not JSON, have the wrong structure, or that two parsers could read differently. */
final class JsonRows {

    private static final String EVENTS = "/api/events";

    private JsonRows() {}

    static Stream<Row> all() {
        return Stream.of(malformed(), mistyped(), shapes(), injected()).flatMap(rows -> rows);
    }

    private static Stream<Row> malformed() {
        Stream<Row> events = Stream.of(
                        "{",
                        "not json",
                        event("a", "t", "1") + "{}",
                        event("a", "t", "1") + "x",
                        "{\"topic\":\"a\",\"topic\":\"b\",\"type\":\"t\",\"data\":1}",
                        "{\"topic\":\"a\",\"\\u0074opic\":\"b\",\"type\":\"t\",\"data\":1}",
                        "{topic:\"a\",type:\"t\",data:1}",
                        "{'topic':'a','type':'t','data':1}",
                        "{\"topic\":\"a\",\"type\":\"t\",\"data\":1,}",
                        "{\"topic\":\"a\",\"type\":\"t\",\"data\":1 /* x */}",
                        "// x\n" + event("a", "t", "1"),
                        "[" + event("a", "t", "1") + "," + event("a", "t", "}") + "]",
                        "[" + event("a", "t", "1") + ",]",
                        "\u00ef\u00bb\u00bf" + event("a", "t", "1"),
                        "\u00fe\u00ff\u0000{\u0000}",
                        "\u0000{\u0000}",
                        "\u0000" + event("a", "t", "1"),
                        ")]}'\n" + event("a", "t", "1"))
                .map(body -> malformed(EVENTS, body));
        Stream<Row> values = Stream.of(
                        "[".repeat(200) + "]".repeat(200),
                        "{\"a\":".repeat(200) + "1" + "}".repeat(200),
                        "[".repeat(100_000),
                        "{\"a\":1,\"a\":2}",
                        "{\"a\":{\"b\":1,\"b\":2}}",
                        "1e99999999999",
                        "NaN",
                        "Infinity",
                        "-Infinity",
                        "+1",
                        "01",
                        ".5",
                        "1.",
                        "0x10",
                        "1e",
                        "--1",
                        "True",
                        "undefined",
                        "'a'",
                        "\"\\x41\"",
                        "\"\\u12\"",
                        "\"a\nb\"",
                        "\"\t\"",
                        "\"\u0000\"",
                        "\"\u00ff\"",
                        "\"\u00c0\u00af\"",
                        "\"\u00ed\u00a0\u0080\"",
                        "\"\u00f4\u0090\u0080\u0080\"",
                        "\"\u00e2\u0082\"")
                .map(value -> malformed(EVENTS, event("a", "t", value)));
        return Stream.of(
                        events,
                        values,
                        Stream.of(
                                malformed("/api/sessions", "{\"id\":\"a\",\"id\":\"b\"}"),
                                malformed("/api/deploys", "[".repeat(200))))
                .flatMap(rows -> rows);
    }

    private static Stream<Row> mistyped() {
        return Stream.of(
                        "",
                        "text/plain",
                        "application/json; charset=latin1",
                        "application/json; charset=utf-16",
                        "application/json, text/plain",
                        "application/jsonx",
                        "text/json",
                        "application/xml",
                        "*/*")
                .map(type -> refused(
                        "content type",
                        Http.send("POST", EVENTS, type, event("a", "t", "1"), Callers.PUBLISHER),
                        415,
                        "unsupported-media-type"));
    }

    private static Stream<Row> shapes() {
        Stream<Row> events = Stream.of(
                        "",
                        "[]",
                        "7",
                        "null",
                        "\"a\"",
                        "true",
                        "[[" + event("a", "t", "1") + "]]",
                        "{\"type\":\"t\",\"data\":1}",
                        "{\"topic\":\"a\",\"data\":1}",
                        "{\"topic\":\"a\",\"type\":\"t\"}",
                        "{\"topic\":7,\"type\":\"t\",\"data\":1}",
                        "{\"topic\":[\"a\"],\"type\":\"t\",\"data\":1}",
                        "{\"topic\":null,\"type\":\"t\",\"data\":1}",
                        "{\"topic\":\"a\",\"type\":{},\"data\":1}",
                        "{\"topic\":\"a\",\"type\":\"t\",\"data\":1,\"surprise\":1}",
                        "{\"topic\":\"a\",\"type\":\"t\",\"data\":1,\"__proto__\":{}}",
                        "{\"topic\":\"a\",\"type\":\"t\",\"data\":1,\"cursor\":\"a-1\"}",
                        "{\"topic\":\"a\",\"type\":\"t\",\"data\":1,\"key\":7}",
                        "{\"TOPIC\":\"a\",\"type\":\"t\",\"data\":1}",
                        "[" + event("a", "t", "1") + ",{}]",
                        "[" + event("a", "t", "1") + ",null]")
                .map(body -> refused("JSON shape", Http.json("POST", EVENTS, body), 422, "invalid-body"));
        return Stream.concat(
                events,
                Stream.of(
                        refused("JSON shape", Http.json("POST", "/api/sessions", "[]"), 422, "invalid-body"),
                        refused("JSON shape", Http.json("POST", "/api/sessions", "7"), 422, "invalid-body"),
                        refused("JSON shape", Http.json("PUT", "/api/instances/a", "null"), 422, "invalid-body"),
                        refused(
                                "recipe",
                                Http.json("POST", "/api/deploys", "{\"recipe\":\"rm\"}"),
                                422,
                                "unknown-recipe"),
                        refused(
                                "recipe",
                                Http.json("POST", "/api/deploys", "{\"recipe\":\"../../bin/sh\"}"),
                                422,
                                "unknown-recipe"),
                        refused(
                                "recipe",
                                Http.json("POST", "/api/deploys", "{\"recipe\":\"demo; id\"}"),
                                422,
                                "unknown-recipe")));
    }

    /**
     * Returns bodies with CR, LF, both, or NUL in fields that are part of a stream. {@code InjectionTest} covers fields
     * that may contain these characters.
     */
    private static Stream<Row> injected() {
        return Stream.of("\\r", "\\n", "\\r\\n", "\\u0000", "\\u0085", "\\u2028")
                .flatMap(end -> Stream.of(
                        sse(event("a" + end + "id: 7", "t", "1"), "invalid-topic"),
                        sse(event(end + "a", "t", "1"), "invalid-topic"),
                        sse(event("a", "t" + end + "data: forged", "1"), "invalid-type"),
                        sse(event("a", "t" + end + end + "event: gateway.goodbye", "1"), "invalid-type"),
                        sse(event("a", end, "1"), "invalid-type")));
    }

    private static Row sse(String body, String code) {
        return refused("SSE injection", Http.json("POST", EVENTS, body), 422, code);
    }

    private static Row malformed(String target, String body) {
        return refused("JSON", Http.json("POST", target, body), 400, "malformed-json");
    }
}
