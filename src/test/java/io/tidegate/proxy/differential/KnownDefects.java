package io.tidegate.proxy.differential;

import static io.tidegate.proxy.differential.Entry.of;

import java.util.List;

/**
 * Differences from nginx that are defects of the gateway. The test fails when one of them is fixed, so that its entry is
 * removed here.
 */
final class KnownDefects {

    private KnownDefects() {}

    static List<Entry> all() {
        return List.of(
                of("outcome", "405, not forwarded", "no response", "must be refused", "method CONNECT without a body"),
                of(
                        "outcome",
                        "200",
                        "400, not forwarded",
                        "the normalized path belongs to the origin, too",
                        "target //",
                        "target /a/.."),
                of(
                        "outcome",
                        "200",
                        "200, not forwarded",
                        "the path belongs to the origin",
                        "target /",
                        "target /?/b",
                        "target /health",
                        "target /ready",
                        "target /client.js",
                        "target /favicon.ico"),
                of("outcome", "200", "401, not forwarded", "the path belongs to the origin", "target /api/sessions"),
                of(
                        "outcome",
                        "200",
                        "400, not forwarded",
                        "the absolute form must be accepted",
                        "target http://app.example/a?b",
                        "target http://app.example",
                        "target http://app.example?b",
                        "target HTTP://APP.EXAMPLE/a",
                        "target http://app.example:80/a",
                        "target http://other.example/a",
                        "target https://app.example/a",
                        "target ftp://app.example/a"),
                of(
                        "outcome",
                        "400, not forwarded",
                        "404, not forwarded",
                        "the target is invalid",
                        "OPTIONS *",
                        "target app.example/a",
                        "target a",
                        "target app.example:80"),
                of(
                        "outcome",
                        "200",
                        "414, not forwarded",
                        "the limit is too low",
                        "a query of 5,000 bytes",
                        "a path of 7,000 bytes"),
                of("outcome", "200", "431, not forwarded", "the limit is too low", "two cookie fields of 7,000 bytes"),
                of("outcome", "200", "400, not forwarded", "a later minor version must be accepted", "HTTP/1.2"),
                of(
                        "outcome",
                        "200",
                        "502",
                        "a later minor version must be accepted",
                        "HTTP/1.2 / GET",
                        "HTTP/1.2 / POST"),
                of(
                        "outcome",
                        "505, not forwarded",
                        "400, not forwarded",
                        "the version is not supported",
                        "HTTP/2.0 in the request line"),
                of("request host", "app.example:80", "app.example", "Host must pass unchanged", "Host with port 80"),
                of(
                        "connection",
                        "closed",
                        "kept",
                        "Connection is a list",
                        "Connection: close, X-Listed",
                        "Connection: keep-alive, close"),
                of("connection", "kept", "closed", "Connection is a list", "HTTP/1.0 with keep-alive as one of a list"),
                of("request upgrade", "SPDY/3.1", "-", "the token must pass", "Upgrade: SPDY/3.1"),
                of("request upgrade", "tcp", "-", "the token must pass", "Upgrade: tcp"),
                of(
                        "outcome",
                        "501, not forwarded",
                        "400, not forwarded",
                        "the coding is not implemented",
                        "gzip and chunked",
                        "transfer coding identity"),
                of(
                        "outcome",
                        "400, not forwarded",
                        "200",
                        "the separator must be a space",
                        "a tab in the request line"),
                of(
                        "outcome",
                        "200",
                        "502",
                        "origins send such lines",
                        "lines that end with LF / GET",
                        "lines that end with LF / HEAD",
                        "lines that end with LF / POST",
                        "lines that end with LF / HTTP/1.0"),
                of("response upgrade", "websocket", "-", "a 426 must have it", "426 / GET", "426 / HEAD"),
                of(
                        "outcome",
                        "502, forwarded 2 times",
                        "502",
                        "a safe request must be sent again",
                        "the end before the body is read / GET",
                        "the end before an answer / GET",
                        "the end within the status line / GET",
                        "the end within the head / GET"),
                of(
                        "connection",
                        "kept",
                        "kept, and the next response is HTTP/1.1 502 Bad Gateway",
                        "the connection to the origin must not be used again",
                        "more than the length / GET",
                        "more than the length / POST",
                        "bytes after the last chunk / GET",
                        "bytes after the last chunk / POST",
                        "a body with 204 / GET",
                        "a body with 204 / POST",
                        "a body with 304 / GET",
                        "a body with 304 / POST"));
    }
}
