package io.tidegate.proxy.differential;

import static io.tidegate.proxy.differential.Behaviour.sends;
import static io.tidegate.proxy.differential.Behaviour.sendsAndCloses;

import java.util.ArrayList;
import java.util.List;

/** The behaviours of the origin, in groups that are tried with different requests. */
final class Behaviours {

    /** An ordinary response, with which each request form is tried. */
    static final Behaviour ORDINARY = sends("ordinary", ok("Content-Type: text/plain", "Content-Length: 5") + "hello");

    private static final String CHUNKED = "Transfer-Encoding: chunked";
    private static final String HELLO = "5\r\nhello\r\n0\r\n\r\n";

    private Behaviours() {}

    private static String ok(String... lines) {
        return response("200 OK", lines);
    }

    private static String response(String status, String... lines) {
        return "HTTP/1.1 " + status + "\r\n" + String.join("\r\n", lines) + (lines.length == 0 ? "\r\n" : "\r\n\r\n");
    }

    static List<Behaviour> framings() {
        return List.of(
                sends("a length of 0", ok("Content-Length: 0")),
                sends("200,000 bytes", ok("Content-Length: 200000") + "x".repeat(200_000)),
                sends("chunked", ok(CHUNKED) + "5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n"),
                sends("chunked and empty", ok(CHUNKED) + "0\r\n\r\n"),
                sends("chunk extensions", ok(CHUNKED) + "5;a=\"b\"\r\nhello\r\n0\r\n\r\n"),
                sends("a trailer", ok(CHUNKED, "Trailer: X-Sum") + "5\r\nhello\r\n0\r\nX-Sum: 1\r\n\r\n"),
                sends("a trailer that must not be one", ok(CHUNKED) + "5\r\nhello\r\n0\r\nSet-Cookie: a=b\r\n\r\n"),
                sendsAndCloses("a body that ends with the connection", ok("Content-Type: text/plain") + "hello"),
                sendsAndCloses("an empty body that ends with the connection", ok("X-A: b")),
                sendsAndCloses(
                        "a length and Connection: close", ok("Connection: close", "Content-Length: 5") + "hello"),
                sendsAndCloses("chunked and Connection: close", ok("Connection: close", CHUNKED) + HELLO),
                sendsAndCloses("HTTP/1.0", "HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello"),
                sendsAndCloses("HTTP/1.0 without a length", "HTTP/1.0 200 OK\r\nX-A: b\r\n\r\nhello"),
                sends(
                        "HTTP/1.0 with keep-alive",
                        "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 5\r\n\r\nhello"),
                sends("lines that end with LF", "HTTP/1.1 200 OK\nContent-Length: 5\n\nhello"),
                sends(
                        "chunks that end with LF",
                        "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n5\nhello\n0\nX-Sum: 1\n\n"));
    }

    static List<Behaviour> statuses() {
        List<Behaviour> all = new ArrayList<>(List.of(
                sends("204", response("204 No Content")),
                sends("204 with a length of 0", response("204 No Content", "Content-Length: 0")),
                sends("205", response("205 Reset Content", "Content-Length: 0")),
                sends(
                        "206",
                        response("206 Partial Content", "Content-Range: bytes 0-4/10", "Content-Length: 5") + "hello"),
                sends("304", response("304 Not Modified", "ETag: \"e\"")),
                sends("304 with a length", response("304 Not Modified", "ETag: \"e\"", "Content-Length: 5")),
                sends(
                        "401 with two challenges",
                        response(
                                "401 Unauthorized",
                                "WWW-Authenticate: Basic realm=\"a\"",
                                "WWW-Authenticate: Bearer",
                                "Content-Length: 0")),
                sends(
                        "407",
                        response(
                                "407 Proxy Authentication Required",
                                "Proxy-Authenticate: Basic realm=\"a\"",
                                "Content-Length: 0")),
                sends("416", response("416 Range Not Satisfiable", "Content-Range: bytes */10", "Content-Length: 0")),
                sends(
                        "426",
                        response(
                                "426 Upgrade Required",
                                "Upgrade: websocket",
                                "Connection: Upgrade",
                                "Content-Length: 0")),
                sends("a phrase of its own", response("200 Fine", "Content-Length: 0")),
                sends("an empty phrase", "HTTP/1.1 200 \r\nContent-Length: 0\r\n\r\n"),
                sends("no phrase", "HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n")));
        for (int status : new int[] {
            201, 202, 207, 226, 300, 400, 403, 404, 405, 409, 410, 413, 418, 429, 451, 499, 500, 501, 502, 503, 504,
            520, 599, 600, 999
        }) {
            all.add(sends(
                    "status " + status,
                    response(status + " Some", "X-A: b", "Retry-After: 3", "Content-Length: 4") + "text"));
        }
        for (int status : new int[] {301, 302, 303, 307, 308}) {
            all.add(sends("redirect " + status, response(status + " Some", "Location: /b?c#d", "Content-Length: 0")));
        }
        return all;
    }

    static List<Behaviour> fields() {
        List<Behaviour> all = new ArrayList<>(List.of(
                sends(
                        "redirect to another host",
                        response("302 Found", "Location: https://other.example/b", "Content-Length: 0")),
                sends(
                        "redirect to the public host",
                        response("302 Found", "Location: http://app.example/b", "Content-Length: 0")),
                sends("redirect to a relative path", response("302 Found", "Location: b/../c", "Content-Length: 0")),
                sends(
                        "redirect to a network path",
                        response("302 Found", "Location: //app.example/b", "Content-Length: 0")),
                sends(
                        "several cookies",
                        ok(
                                "Set-Cookie: a=b; Path=/; HttpOnly",
                                "Set-Cookie: c=d; Domain=app.example; SameSite=None",
                                "Set-Cookie: __Host-e=f; Secure; Path=/",
                                "Content-Length: 0")),
                sends(
                        "a field of 7,000 bytes",
                        ok("X-Long: " + "x".repeat(3_500), "X-Longer: " + "y".repeat(3_000), "Content-Length: 0")),
                sends("a head of 12,000 bytes", ok("X-Long: " + "x".repeat(12_000), "Content-Length: 0")),
                sends("duplicate fields", ok("X-A: b", "X-C: d", "x-a: e", "Content-Length: 0"))));
        String[] fields = {
            "Connection: X-Listed, keep-alive",
            "Connection: close, X-Listed",
            "Keep-Alive: timeout=5",
            "Proxy-Connection: keep-alive",
            "Proxy-Authenticate: Basic",
            "Proxy-Authentication-Info: a",
            "Upgrade: h2c",
            "TE: trailers",
            "Content-Encoding: gzip",
            "Content-Encoding: br",
            "Content-Type:",
            "Content-Disposition: attachment; filename=\"\u00e9\"",
            "Content-Location: /b",
            "Refresh: 3; url=/b",
            "Link: </a.css>; rel=preload",
            "ETag: W/\"e\"",
            "ETag: e",
            "Last-Modified: Sat, 29 Oct 1994 19:43:31 GMT",
            "Cache-Control: private, max-age=3",
            "Age: 7",
            "Expires: 0",
            "Vary: *",
            "Accept-Ranges: bytes",
            "Allow: GET, HEAD",
            "Alt-Svc: h3=\":443\"",
            "Server-Timing: a;dur=1",
            "Content-Security-Policy: default-src 'self'",
            "Strict-Transport-Security: max-age=1",
            "X-Content-Type-Options: nosniff",
            "X-Frame-Options: DENY",
            "Access-Control-Allow-Origin: *",
            "Access-Control-Allow-Credentials: true",
            "Clear-Site-Data: \"*\"",
            "X-Accel-Buffering: no",
            "X-Accel-Expires: 1",
            "X-Powered-By: a",
            "X-Empty:",
            "X-Obs: \u00e9\u00ff",
            "X_Underscore: a",
            "Trailer: X-Sum",
            "Warning: 110 - \"a\"",
            "NEL: {}",
            "P3P: a",
            "Status: 404",
        };
        for (String field : fields) {
            all.add(sends("field " + RowResult.shown(field), ok(field, "X-Listed: 1", "Content-Length: 5") + "hello"));
        }
        return all;
    }

    static List<Behaviour> interim() {
        String fine = ok("Content-Length: 5") + "hello";
        return List.of(
                new Behaviour("100 before the body", response("100 Continue"), fine, false, true),
                new Behaviour("100 after the body", "", response("100 Continue") + fine, false, true),
                new Behaviour("102", "", response("102 Processing") + fine, false, true),
                new Behaviour(
                        "103", "", response("103 Early Hints", "Link: </a.css>; rel=preload") + fine, false, true),
                new Behaviour(
                        "103 twice",
                        "",
                        response("103 Early Hints", "Link: </a>") + response("103 Early Hints", "Link: </b>") + fine,
                        false,
                        true),
                new Behaviour("199", "", response("199 Some", "X-A: b") + fine, false, true),
                sendsAndCloses(
                        "101 that nobody asked for",
                        response("101 Switching Protocols", "Connection: Upgrade", "Upgrade: websocket") + "raw"));
    }

    static List<Behaviour> early() {
        String fine = ok("Content-Length: 5") + "hello";
        return List.of(
                new Behaviour("an early answer, then the body is read", fine, "", false, false),
                new Behaviour("an early answer, then the end", fine, "", true, false),
                new Behaviour(
                        "an early answer with Connection: close",
                        response("413 Content Too Large", "Connection: close", "Content-Length: 4") + "long",
                        "",
                        true,
                        false));
    }

    static List<Behaviour> broken() {
        return List.of(
                new Behaviour("the end before the body is read", "", "", true, false),
                sendsAndCloses("the end before an answer", ""),
                sendsAndCloses("the end within the status line", "HTTP/1.1 20"),
                sendsAndCloses("the end within the head", "HTTP/1.1 200 OK\r\nContent-Le"),
                sendsAndCloses("the end before the body", ok("Content-Length: 5")),
                sendsAndCloses("the end within a length", ok("Content-Length: 10") + "hello"),
                sendsAndCloses("the end within a chunk", ok(CHUNKED) + "a\r\nhello"),
                sendsAndCloses("the end between chunks", ok(CHUNKED) + "5\r\nhello\r\n"),
                sendsAndCloses("the end before the last line", ok(CHUNKED) + "5\r\nhello\r\n0\r\n"),
                sendsAndCloses("a chunk size that is no number", ok(CHUNKED) + "5\r\nhello\r\nx\r\n"),
                sends("more than the length", ok("Content-Length: 5") + "hello, and more"),
                sends(
                        "a second response",
                        ok("Content-Length: 5") + "hello" + response("404 Not Found", "Content-Length: 4") + "evil"),
                sends("bytes after the last chunk", ok(CHUNKED) + HELLO + "more"),
                sends("a body with 204", response("204 No Content", "Content-Length: 5") + "hello"),
                sends("a body with 304", response("304 Not Modified", "Content-Length: 5") + "hello"),
                sends("length and chunked", ok("Content-Length: 5", CHUNKED) + HELLO),
                sends("lengths of 5 and 5", ok("Content-Length: 5", "Content-Length: 5") + "hello"),
                sends("lengths of 5 and 6", ok("Content-Length: 5", "Content-Length: 6") + "hello!"),
                sends("a negative length", ok("Content-Length: -5") + "hello"),
                sends("transfer coding gzip", ok("Transfer-Encoding: gzip, chunked") + HELLO),
                sends("a line without a colon", ok("X-None", "Content-Length: 5") + "hello"),
                sends("a space before the colon", ok("X-Space : a", "Content-Length: 5") + "hello"),
                sends("a folded field", ok("X-Folded: a\r\n b", "Content-Length: 5") + "hello"),
                sends("NUL in a value", ok("X-Nul: a\0b", "Content-Length: 5") + "hello"),
                sends("CR in a value", ok("X-Cr: a\rb", "Content-Length: 5") + "hello"),
                sendsAndCloses("status 42", "HTTP/1.1 42 Some\r\nContent-Length: 0\r\n\r\n"),
                sendsAndCloses("something else than HTTP", "SSH-2.0-OpenSSH\r\n"),
                sends("HTTP/1.2", "HTTP/1.2 200 OK\r\nContent-Length: 5\r\n\r\nhello"),
                sendsAndCloses("HTTP/2.0", "HTTP/2.0 200 OK\r\nContent-Length: 5\r\n\r\nhello"));
    }
}
