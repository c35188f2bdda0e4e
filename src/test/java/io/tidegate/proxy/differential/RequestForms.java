package io.tidegate.proxy.differential;

import static io.tidegate.proxy.differential.RequestForm.with;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The forms of requests. Most are named after their content. */
final class RequestForms {

    private static final String CHUNKED = "Transfer-Encoding: chunked";
    private static final String TYPE = "Content-Type: text/plain";

    private RequestForms() {}

    static List<RequestForm> all() {
        return Stream.of(methods(), targets(), versionsAndHosts(), fields(), connections(), bodies(), malformed())
                .flatMap(List::stream)
                .toList();
    }

    private static List<RequestForm> methods() {
        List<RequestForm> forms = new ArrayList<>();
        for (String method :
                "GET HEAD OPTIONS DELETE POST PUT PATCH PROPFIND MKCOL REPORT SEARCH QUERY PURGE M-SEARCH get TRACE CONNECT"
                        .split(" ", -1)) {
            forms.add(with("method " + method + " without a body", method + " /a"));
        }
        for (String method : "GET DELETE OPTIONS HEAD POST PUT PATCH REPORT QUERY".split(" ", -1)) {
            forms.add(with("method " + method + " with a body", method + " /a", TYPE, "Content-Length: 5")
                    .body("hello"));
        }
        forms.add(with("OPTIONS *", "OPTIONS *"));
        return forms;
    }

    private static List<RequestForm> targets() {
        String[] targets = {
            "/",
            "//",
            "/a//b",
            "//a/b",
            "/a/",
            "/a/./b",
            "/a/../b",
            "/a/..",
            "/./a",
            "/../a",
            "/a/%2e/b",
            "/a/%2e%2e/b",
            "/a%2Fb",
            "/@scope%2fname",
            "/a%252Fb",
            "/a%5Cb",
            "/a\\b",
            "/a%00b",
            "/a%0d%0ab",
            "/a%",
            "/a%zz",
            "/a%4",
            "/a%C3%A9",
            "/a%E9",
            "/a\u00c3\u00a9",
            "/a%c0%afb",
            "/%61",
            "/a%20b",
            "/a+b",
            "/a;b=c/d",
            "/a/..;/b",
            "/a%3Fb",
            "/a%23b",
            "/a#b",
            "/a:b@c",
            "/a~b!$&'()*+,=:@",
            "/a[b]",
            "/a{b}^c",
            "/a<b>",
            "/a\"b",
            "/a?",
            "/a?b",
            "/a?b=c&b=d",
            "/a??b=c?d",
            "/a?b=%zz",
            "/a?b=../c//d",
            "/a?b=\u00c3\u00a9",
            "/a?b=c#d",
            "/a?b={\"c\":[1]}",
            "/a?b=c%0d%0ad",
            "/a?b=/c\\d",
            "/a?ticket=none",
            "/?/b",
            "/health",
            "/ready",
            "/api/sessions",
            "/api/events-of-ours",
            "/client.js",
            "/favicon.ico",
            "/apix",
            "http://app.example/a?b",
            "http://app.example",
            "http://app.example?b",
            "HTTP://APP.EXAMPLE/a",
            "http://app.example:80/a",
            "http://other.example/a",
            "http://user@app.example/a",
            "https://app.example/a",
            "ftp://app.example/a",
            "app.example/a",
            "a",
            "?b",
            "app.example:80",
        };
        List<RequestForm> forms = new ArrayList<>();
        for (String target : targets) {
            forms.add(with("target " + RowResult.shown(target), "GET " + target));
        }
        forms.add(with("a vertical bar and a back quote in the target", "GET /a|b`c"));
        forms.add(with("a query of 3,000 bytes", "GET /a?" + "b".repeat(3_000)));
        forms.add(with("a query of 5,000 bytes", "GET /a?" + "b".repeat(5_000)));
        forms.add(with("a path of 7,000 bytes", "GET /" + "a".repeat(7_000)));
        forms.add(with("a query of 9,000 bytes", "GET /a?" + "b".repeat(9_000)));
        return forms;
    }

    private static List<RequestForm> versionsAndHosts() {
        return List.of(
                RequestForm.of("HTTP/1.0 without Host", "GET /a HTTP/1.0\r\n\r\n"),
                RequestForm.of("HTTP/1.0 with Host", "GET /a HTTP/1.0\r\nHost: app.example\r\n\r\n"),
                RequestForm.of(
                        "HTTP/1.0 with keep-alive", "GET /a HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n\r\n"),
                RequestForm.of(
                        "HTTP/1.0 with keep-alive as one of a list",
                        "GET /a HTTP/1.0\r\nHost: a\r\nConnection: TE, Keep-Alive\r\n\r\n"),
                RequestForm.of("HTTP/1.0 POST", "POST /a HTTP/1.0\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello"),
                RequestForm.of(
                        "HTTP/1.0 with chunked",
                        "POST /a HTTP/1.0\r\nHost: a\r\n" + CHUNKED + "\r\n\r\n5\r\nhello\r\n0\r\n\r\n"),
                RequestForm.of("HTTP/1.2", "GET /a HTTP/1.2\r\nHost: a\r\n\r\n"),
                RequestForm.of("HTTP/1.1 in small letters", "GET /a http/1.1\r\nHost: a\r\n\r\n"),
                RequestForm.of("HTTP/2.0 in the request line", "GET /a HTTP/2.0\r\nHost: a\r\n\r\n"),
                RequestForm.of("HTTP/0.9", "GET /a\r\n"),
                RequestForm.of("an empty line first", "\r\nGET /a HTTP/1.1\r\nHost: a\r\n\r\n"),
                RequestForm.of("lines that end with LF", "GET /a HTTP/1.1\nHost: a\n\n"),
                RequestForm.of("without Host", "GET /a HTTP/1.1\r\n\r\n"),
                RequestForm.of("an empty Host", "GET /a HTTP/1.1\r\nHost:\r\n\r\n"),
                RequestForm.of("two Hosts", "GET /a HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"),
                RequestForm.of("two equal Hosts", "GET /a HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n"),
                RequestForm.of("Host with port 80", "GET /a HTTP/1.1\r\nHost: app.example:80\r\n\r\n"),
                RequestForm.of("Host with port 8080", "GET /a HTTP/1.1\r\nHost: app.example:8080\r\n\r\n"),
                RequestForm.of("Host in capitals", "GET /a HTTP/1.1\r\nHost: APP.example\r\n\r\n"),
                RequestForm.of("Host with IPv6", "GET /a HTTP/1.1\r\nHost: [::1]:8080\r\n\r\n"),
                RequestForm.of("Host with an underscore", "GET /a HTTP/1.1\r\nHost: my_app\r\n\r\n"),
                RequestForm.of("Host with a dot at its end", "GET /a HTTP/1.1\r\nHost: app.example.\r\n\r\n"),
                RequestForm.of("Host with a slash", "GET /a HTTP/1.1\r\nHost: a/b\r\n\r\n"),
                RequestForm.of("Host with a comma", "GET /a HTTP/1.1\r\nHost: a,b\r\n\r\n"),
                RequestForm.of("Host with user", "GET /a HTTP/1.1\r\nHost: u@a\r\n\r\n"),
                RequestForm.of("Host with a bad port", "GET /a HTTP/1.1\r\nHost: a:x\r\n\r\n"));
    }

    private static List<RequestForm> fields() {
        String[] fields = {
            "X-Empty:",
            "X-Spaces:   a b  ",
            "X-Tab:\ta\tb",
            "X-Obs: \u00e9\u00ff",
            "X-Utf8: \u00c3\u00a9",
            "X-Comma: a, b,,c",
            "X-Quoted: \"a, \\\"b\\\"\"",
            "X_Underscore: a",
            "X.Dot: a",
            "X-!#$%&'*+^~: a",
            "1: a",
            "Accept: text/html;q=0.5, */*",
            "Accept-Encoding: gzip, br, zstd",
            "Accept-Language: de, en;q=0.7",
            "User-Agent: a (b; c) d/1.0",
            "Authorization: Basic dTpw",
            "Authorization: Bearer " + "t".repeat(4_500),
            "Proxy-Authorization: Basic dTpw",
            "Proxy-Connection: keep-alive",
            "Cookie: a=b; c=\"d e\"; f",
            "Cookie: a=b;c=d;;",
            "Cookie: tidegatex=1; a=b",
            "Cookie: $Version=1; a=\u00e9",
            "Referer: http://app.example/a?b#c",
            "Origin: null",
            "Origin: http://other.example",
            "Range: bytes=0-3",
            "If-Range: \"e\"",
            "If-None-Match: \"e\", W/\"f\"",
            "If-Match: *",
            "If-Modified-Since: Sat, 29 Oct 1994 19:43:31 GMT",
            "Cache-Control: no-cache",
            "Pragma: no-cache",
            "Prefer: respond-async",
            "Destination: http://app.example/b",
            "Depth: infinity",
            "Max-Forwards: 1",
            "Via: 1.0 other",
            "From: a@b.example",
            "DNT: 1",
            "Upgrade-Insecure-Requests: 1",
            "Sec-Fetch-Site: cross-site",
            "Early-Data: 1",
            "Priority: u=1, i",
            "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "X-Request-Id: 1",
            "X-HTTP-Method-Override: DELETE",
            "X-Original-URL: /b",
            "X-Forwarded-User: ada",
            "X-Forwarded-Prefix: /b",
            "X-Forwarded-Port: 444",
            "Access-Control-Request-Method: PUT",
            "Content-Type: text/plain",
            "Content-Encoding: gzip",
            "Trailer: X-Sum",
            "TE: trailers",
            "TE: gzip;q=0.5",
            "Expect: 100-continue",
            "Expect: something",
            "Keep-Alive: timeout=5",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            "HTTP2-Settings: AAMAAABkAAQAAP__",
        };
        List<RequestForm> forms = new ArrayList<>();
        for (String field : fields) {
            String shown = field.length() > 80 ? field.substring(0, 22) + "..." : field;
            forms.add(with("field " + RowResult.shown(shown), "GET /a", field));
        }
        forms.add(with("a field that is sent twice", "GET /a", "X-Twice: a", "X-Other: b", "x-twice: c"));
        forms.add(with("two Accept fields", "GET /a", "Accept: a/b", "Accept: c/d"));
        forms.add(with("two Cookie fields", "GET /a", "Cookie: a=b", "Cookie: c=d"));
        forms.add(with("two Authorization fields", "GET /a", "Authorization: a", "Authorization: b"));
        forms.add(with(
                "three cookies of 2,000 bytes",
                "GET /a",
                "Cookie: a=" + "x".repeat(2_000) + "; b=" + "y".repeat(2_000) + "; c=" + "z".repeat(2_000)));
        forms.add(with(
                "two cookie fields of 7,000 bytes",
                "GET /a",
                "Cookie: a=" + "x".repeat(7_000),
                "Cookie: b=" + "y".repeat(7_000)));
        forms.add(with("a field of 9,000 bytes", "GET /a", "X-Long: " + "x".repeat(9_000)));
        String[] many = new String[90];
        for (int i = 0; i < many.length; i++) {
            many[i] = "X-Field-" + i + ": " + i;
        }
        forms.add(with("90 fields", "GET /a", many));
        return forms;
    }

    private static List<RequestForm> connections() {
        String[] connections = {
            "close",
            "Close",
            "keep-alive",
            "close, X-Listed",
            "keep-alive, close",
            "X-Listed",
            "x-listed, keep-alive",
            "TE",
            ", ,X-Listed,",
            "Upgrade",
            "Authorization",
            "Host",
            "Content-Length",
        };
        List<RequestForm> forms = new ArrayList<>();
        for (String options : connections) {
            forms.add(with(
                    "Connection: " + options,
                    "GET /a",
                    "Connection: " + options,
                    "X-Listed: 1",
                    "TE: trailers",
                    "Authorization: a"));
        }
        forms.add(with("two Connection fields", "GET /a", "Connection: X-Listed", "Connection: close", "X-Listed: 1"));
        String[] upgrades = {"websocket", "h2c", "TLS/1.0", "SPDY/3.1", "tcp", "websocket, h2c"};
        for (String upgrade : upgrades) {
            forms.add(with(
                    "Upgrade: " + upgrade,
                    "GET /a",
                    "Connection: Upgrade",
                    "Upgrade: " + upgrade,
                    "Sec-WebSocket-Version: 13",
                    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="));
        }
        forms.add(with("Upgrade: websocket without Connection", "GET /a", "Upgrade: websocket"));
        forms.add(with("two GETs at once", "GET /a").then(with("", "GET /b")));
        forms.add(with("three requests at once", "GET /a")
                .then(with("", "HEAD /b"))
                .then(with("", "GET /c")));
        forms.add(with("a POST and a GET at once", "POST /a", "Content-Length: 5")
                .body("hello")
                .then(with("", "GET /b")));
        forms.add(with("a GET after one with close", "GET /a", "Connection: close")
                .then(with("", "GET /b")));
        forms.add(with("an empty line between two GETs", "GET /a")
                .then(RequestForm.of("", "\r\nGET /b HTTP/1.1\r\nHost: a\r\n\r\n")));
        return forms;
    }

    private static List<RequestForm> bodies() {
        return List.of(
                with("a length of 0", "POST /a", "Content-Length: 0"),
                with("GET with a length of 0", "GET /a", "Content-Length: 0"),
                with("a body of 100,000 bytes", "POST /a", "Content-Length: 100000")
                        .body("x".repeat(100_000)),
                with("an empty chunked body", "POST /a", CHUNKED).body("0\r\n\r\n"),
                with("a chunked body", "POST /a", CHUNKED).body("5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n"),
                with("GET with a chunked body", "GET /a", CHUNKED).body("5\r\nhello\r\n0\r\n\r\n"),
                with("chunk extensions", "POST /a", CHUNKED).body("5;a=b\r\nhello\r\n0;c=\"d\"\r\n\r\n"),
                with("chunk sizes with zeros and capitals", "POST /a", CHUNKED)
                        .body("0005\r\nhello\r\n0A\r\n0123456789\r\n00\r\n\r\n"),
                with("chunked in capitals", "POST /a", "Transfer-Encoding: Chunked")
                        .body("5\r\nhello\r\n0\r\n\r\n"),
                with("a request trailer", "POST /a", CHUNKED, "Trailer: X-Sum")
                        .body("5\r\nhello\r\n0\r\nX-Sum: 1\r\n\r\n"),
                with("a request trailer that was not announced", "POST /a", CHUNKED)
                        .body("5\r\nhello\r\n0\r\nX-Sum: 1\r\n\r\n"),
                with("a request trailer that must not be one", "POST /a", CHUNKED)
                        .body("5\r\nhello\r\n0\r\nAuthorization: a\r\n\r\n"),
                with("Expect with a body that waits", "POST /a", "Content-Length: 5", "Expect: 100-continue")
                        .awaiting("hello"),
                with(
                                "Expect in capitals with a body that waits",
                                "POST /a",
                                "Content-Length: 5",
                                "Expect: 100-Continue")
                        .awaiting("hello"),
                with("Expect with a body that does not wait", "POST /a", "Content-Length: 5", "Expect: 100-continue")
                        .body("hello"),
                with("Expect with a chunked body that waits", "POST /a", CHUNKED, "Expect: 100-continue")
                        .awaiting("5\r\nhello\r\n0\r\n\r\n"),
                with("Expect something with a body", "POST /a", "Content-Length: 5", "Expect: something")
                        .body("hello"),
                with("a form", "POST /a", "Content-Type: application/x-www-form-urlencoded", "Content-Length: 7")
                        .body("a=b&c=d"),
                with("a body in gzip", "POST /a", "Content-Encoding: gzip", "Content-Length: 3")
                        .body("\u001f\u008b\b"),
                with("a body with NUL and CRLF", "POST /a", "Content-Length: 6").body("\0\r\n\r\n\u00ff"),
                with("a body and Connection: close", "POST /a", "Connection: close", "Content-Length: 5")
                        .body("hello"),
                with("a body that ends early", "POST /a", "Content-Length: 10")
                        .body("hello")
                        .ending(),
                with("a chunked body that ends early", "POST /a", CHUNKED)
                        .body("5\r\nhello\r\n")
                        .ending(),
                with("lengths of 5 and 5", "POST /a", "Content-Length: 5", "Content-Length: 5")
                        .body("hello"),
                with("a length of \"5, 5\"", "POST /a", "Content-Length: 5, 5").body("hello"),
                with("a length of +5", "POST /a", "Content-Length: +5").body("hello"),
                with("a length of 05", "POST /a", "Content-Length: 05").body("hello"),
                with("lengths of 5 and 6", "POST /a", "Content-Length: 5", "Content-Length: 6")
                        .body("hello!"));
    }

    private static List<RequestForm> malformed() {
        return List.of(
                with("a negative length", "POST /a", "Content-Length: -5").body("hello"),
                with("an empty length", "POST /a", "Content-Length:").body(""),
                with("a length of 20 digits", "POST /a", "Content-Length: 99999999999999999999")
                        .body("hello"),
                with("length and chunked", "POST /a", "Content-Length: 5", CHUNKED)
                        .body("5\r\nhello\r\n0\r\n\r\n"),
                with("gzip and chunked", "POST /a", "Transfer-Encoding: gzip, chunked")
                        .body("5\r\nhello\r\n0\r\n\r\n"),
                with("gzip without chunked", "POST /a", "Transfer-Encoding: gzip")
                        .body("hello"),
                with("CONNECT to a host", "CONNECT app.example:80"),
                with("transfer coding identity", "POST /a", "Transfer-Encoding: identity", "Content-Length: 5")
                        .body("hello"),
                with("chunked twice", "POST /a", CHUNKED, CHUNKED).body("5\r\nhello\r\n0\r\n\r\n"),
                with("a chunk size that is no number", "POST /a", CHUNKED).body("x\r\nhello\r\n0\r\n\r\n"),
                with("a chunk that is too long", "POST /a", CHUNKED).body("4\r\nhello\r\n0\r\n\r\n"),
                with("chunks that end with LF", "POST /a", CHUNKED).body("5\nhello\n0\n\n"),
                with("a space before the colon", "GET /a", "X-Space : a"),
                with("a folded field", "GET /a", "X-Folded: a\r\n b"),
                with("a line without a colon", "GET /a", "X-None"),
                with("an empty name", "GET /a", ": a"),
                with("a space in a name", "GET /a", "X Space: a"),
                with("NUL in a value", "GET /a", "X-Nul: a\0b"),
                with("CR in a value", "GET /a", "X-Cr: a\rb"),
                with("a control character in a value", "GET /a", "X-Bell: a\u0007b"),
                RequestForm.of("two spaces in the request line", "GET  /a HTTP/1.1\r\nHost: a\r\n\r\n"),
                RequestForm.of("a tab in the request line", "GET\t/a HTTP/1.1\r\nHost: a\r\n\r\n"),
                RequestForm.of("a space in the target", "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n"),
                RequestForm.of("a space after the version", "GET /a HTTP/1.1 \r\nHost: a\r\n\r\n"),
                RequestForm.of("a method with a slash", "G/T /a HTTP/1.1\r\nHost: a\r\n\r\n"),
                RequestForm.of("something else than HTTP", "\u0016\u0003\u0001 a\r\n\r\n"));
    }
}
