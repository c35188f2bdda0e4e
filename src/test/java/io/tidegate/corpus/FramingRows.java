package io.tidegate.corpus;

import static io.tidegate.corpus.Http.framed;
import static io.tidegate.corpus.Http.get;
import static io.tidegate.corpus.Row.answered;
import static io.tidegate.corpus.Row.refused;

import java.util.stream.Stream;

/** Requests in which two programs could see different boundaries. The smuggled request would publish an event. */
final class FramingRows {

    private static final String SESSIONS = "/api/sessions";
    private static final String UNKNOWN = "/api/sessions/none";
    private static final String EVENT = Http.event("smuggled", "t", "1");
    private static final String HIDDEN = Http.json("POST", "/api/events", EVENT);
    private static final String CHUNKED = "Transfer-Encoding: chunked\r\n";
    private static final String END = "0\r\n\r\n";

    private FramingRows() {}

    static Stream<Row> all() {
        return Stream.of(lengths(), encodings(), chunks(), heads(), lookAlikes(), hosts())
                .flatMap(rows -> rows);
    }

    private static Stream<Row> lengths() {
        return Stream.of(
                        "Content-Length: 2\r\nContent-Length: 3\r\n",
                        "Content-Length: 3\r\ncontent-length: 2\r\n",
                        "Content-Length: 2, 3\r\n",
                        "Content-Length: 2,\r\n",
                        "Content-Length: -2\r\n",
                        "Content-Length: +2\r\n",
                        "Content-Length: 0x2\r\n",
                        "Content-Length: 2.0\r\n",
                        "Content-Length: 2 2\r\n",
                        "Content-Length: two\r\n",
                        "Content-Length:\r\n",
                        "Content-Length: 99999999999999999999\r\n",
                        "Content-Length: 18446744073709551618\r\n",
                        "Content-Length: \u00b2\r\n")
                .map(length -> closing("length", framed(SESSIONS, length, "{}" + HIDDEN)));
    }

    private static Stream<Row> encodings() {
        String body = "2\r\n{}\r\n" + END + HIDDEN;
        Stream<Row> both = Stream.of(
                        "Content-Length: 2\r\n" + CHUNKED,
                        CHUNKED + "Content-Length: 2\r\n",
                        "Content-Length: " + body.length() + "\r\n" + CHUNKED,
                        "Content-Length: 0\r\n" + CHUNKED,
                        "Content-Length: 2\r\ntransfer-encoding: CHUNKED\r\n")
                .map(headers -> closing("CL.TE and TE.CL", framed(SESSIONS, headers, body)));
        Stream<Row> unknown = Stream.of(
                        "Transfer-Encoding: xchunked\r\n",
                        "Transfer-Encoding: chunked, identity\r\n",
                        "Transfer-Encoding: identity\r\n",
                        "Transfer-Encoding: chunked, chunked\r\n",
                        "Transfer-Encoding: \"chunked\"\r\n",
                        "Transfer-Encoding: chunked;q=1\r\n",
                        "Transfer-Encoding: \u000bchunked\r\n",
                        "Transfer-Encoding:\r\n")
                .map(encoding -> closing("TE", framed(SESSIONS, encoding, body)).nginx(501));
        Stream<Row> inChunks = Stream.of(
                inChunks("Transfer-Encoding: gzip, chunked\r\n", body).nginx(501),
                inChunks("Transfer-Encoding: gzip\r\n" + CHUNKED, body).nginx(400));
        Stream<Row> twice = Stream.of("Transfer-Encoding: identity\r\n", CHUNKED)
                .map(second -> closing("TE", framed(SESSIONS, CHUNKED + second, body)));
        return Stream.of(both, unknown, inChunks, twice).flatMap(rows -> rows);
    }

    private static Row inChunks(String encoding, String body) {
        return refused("TE", framed(SESSIONS, encoding, body), 501, "not-implemented")
                .thenCloses();
    }

    private static Stream<Row> chunks() {
        Stream<Row> refused = Stream.of(
                        "0x2\r\n{}\r\n" + END,
                        "+2\r\n{}\r\n" + END,
                        "-2\r\n{}\r\n" + END,
                        "g\r\n{}\r\n" + END,
                        "\r\n{}\r\n" + END,
                        "2\r{}\r\n" + END,
                        "2\r\n{}" + END,
                        "2\r\n{}X\r\n" + END,
                        "1\r\n{}\r\n" + END,
                        "100000000000000002\r\n{}\r\n" + END,
                        "ffffffffffffffff\r\n{}\r\n" + END,
                        "2;a=\nb\r\n{}\r\n" + END)
                .map(body -> closing("chunks", framed(SESSIONS, CHUNKED, body + HIDDEN)));
        // nginx accepts these, and forwards the body with its own chunks or length.
        Stream<Row> reframed = Stream.of("2 \r\n{}\r\n" + END, "2\n{}\r\n" + END, "2\r\n{}\r\n0\r\nX\u0000: y\r\n\r\n")
                .map(body -> closing("chunks", framed(UNKNOWN, CHUNKED, body).replaceFirst("POST", "PATCH"))
                        .nginx(404, "not-found"));
        return Stream.concat(refused, reframed);
    }

    private static Stream<Row> heads() {
        return Stream.of(
                closing("header", framed(SESSIONS, "Content Length: 2\r\n", "{}")),
                closing("header", framed(SESSIONS, "Content-Length : 2\r\n", "{}")),
                // The second line continues the first and is not a Content-Length field.
                answered("header", get("/health", "X: a", " Content-Length: 2"), 200)
                        .nginx(400),
                closing("header", framed(SESSIONS, "X-One: a\u0000b\r\nContent-Length: 2\r\n", "{}")),
                closing("header", framed(SESSIONS, "X-One: a\rContent-Length: 2\r\n", "{}")),
                closing("header", framed(SESSIONS, "X\u0000: a\r\nContent-Length: 2\r\n", "{}")),
                closing("header", framed(SESSIONS, ": a\r\nContent-Length: 2\r\n", "{}")),
                closing("header", framed(SESSIONS, "no colon\r\nContent-Length: 2\r\n", "{}")),
                refused(
                                "expectation",
                                "PATCH " + UNKNOWN + " HTTP/1.1\r\nHost: localhost\r\n" + Callers.PUBLISHER
                                        + "\r\nContent-Type: application/json\r\nExpect: the-impossible\r\nContent-Length: 2\r\n\r\n{}",
                                400,
                                "malformed-request")
                        .nginx(404, "not-found"),
                closing("request line", "nonsense\r\n\r\n"),
                answered("request line", "GET  /health HTTP/1.1\r\nHost: a\r\n\r\n", 200),
                closing("request line", "GET /health HTTP/1.1 x\r\nHost: a\r\n\r\n"),
                closing("request line", "GET /hea lth HTTP/1.1\r\nHost: a\r\n\r\n"),
                refused("request line", "GET /health HTTP/2.0\r\nHost: a\r\n\r\n", 505, "unsupported-version")
                        .thenCloses()
                        .nginx(505),
                closing("request line", "GET\t/health HTTP/1.1\r\nHost: a\r\n\r\n"),
                closing("request line", "GET /health\u000bHTTP/1.1\r\nHost: a\r\n\r\n"),
                closing("request line", "GET /health \tHTTP/1.1\r\nHost: a\r\n\r\n"),
                closing("request line", "GET /health HTTP/1.10\r\nHost: a\r\n\r\n")
                        .nginx(200),
                closing("request line", "GET /health JUNK/1.1\r\nHost: a\r\n\r\n"),
                closing("request line", "GE\u0000T /health HTTP/1.1\r\nHost: a\r\n\r\n"),
                refused("request line", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505, "unsupported-version")
                        .thenCloses()
                        .nginx(400),
                closing("request line", "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003\r\n\r\n"));
    }

    /**
     * Returns rows with fields that Vert.x 5.0 would interpret as Content-Length and that nginx passes on unchanged.
     */
    private static Stream<Row> lookAlikes() {
        return Stream.of("Content-Xength", "content-_ength", "Content-0ength", "CONTENT-xENGTH", "Content-lengt")
                .map(name -> answered("look-alike length", get("/health", name + ": 2"), 200)
                        .has("UP"));
    }

    private static Stream<Row> hosts() {
        Stream<Row> several = Stream.of("Host: a\r\nHost: b\r\n", "Host: a\r\nhost: a\r\n", "Host:\r\n")
                .map(host -> host(host, "invalid-target"));
        Stream<Row> malformed = Stream.of(
                        "",
                        "Host: a b\r\n",
                        "Host: a/b\r\n",
                        "Host: a\\b\r\n",
                        "Host: user@a\r\n",
                        "Host: a:port\r\n",
                        "Host: a, b\r\n",
                        "Host: a:1:2\r\n",
                        "Host: a\tb\r\n",
                        "Host: a?b\r\n",
                        "Host: a#b\r\n",
                        "Host: [::1\r\n")
                .map(host -> host(host, "malformed-request"));
        return Stream.concat(several, malformed);
    }

    private static Row host(String lines, String code) {
        return refused("host confusion", "GET /health HTTP/1.1\r\n" + lines + "\r\n", 400, code)
                .nginx(400);
    }

    private static Row closing(String theme, String request) {
        return refused(theme, request, 400, "malformed-request").nginx(400).thenCloses();
    }
}
