package io.tidegate.corpus;

import static io.tidegate.corpus.Http.get;
import static io.tidegate.corpus.Http.request;
import static io.tidegate.corpus.Row.answered;
import static io.tidegate.corpus.Row.refused;

import java.util.List;
import java.util.stream.Stream;

/** Requests that pages of other sites can make a browser send. */
final class BrowserRows {

    /** The only allowed origin: its pages may read responses. */
    static final String LISTED = "https://app.example.com";

    private static final String ALLOW_ORIGIN = "Access-Control-Allow-Origin";
    private static final String ALLOW_CREDENTIALS = "Access-Control-Allow-Credentials";
    private static final List<String> OTHERS = List.of(
            "https://evil.example",
            "null",
            "*",
            "https://app.example.com.evil.example",
            "https://evil-app.example.com",
            "https://app.example.com@evil.example",
            "http://app.example.com",
            "https://app.example.com:8443",
            "https://APP.example.com",
            "https://app.example.com/",
            "https://app.example.com, https://evil.example",
            "https://appXexample.com",
            "file://",
            "http://localhost.evil.example");

    private BrowserRows() {}

    static Stream<Row> all() {
        return Stream.of(origins(), forms(), sockets()).flatMap(rows -> rows);
    }

    private static Stream<Row> origins() {
        Stream<Row> others = OTHERS.stream()
                .flatMap(origin -> Stream.of(
                        unread(answered("CORS origin", get("/health", "Origin: " + origin), 200)),
                        unread(refused("CORS origin", get("/api/events", "Origin: " + origin), 401, "unauthenticated")),
                        unread(answered(
                                        "CORS preflight",
                                        request(
                                                "OPTIONS",
                                                "/api/events",
                                                "Origin: " + origin,
                                                "Access-Control-Request-Method: POST"),
                                        204)
                                .header("Access-Control-Allow-Methods", ""))));
        Row listed = answered("CORS origin", get("/health", "Origin: " + LISTED), 200)
                .header(ALLOW_ORIGIN, LISTED)
                .header(ALLOW_CREDENTIALS, "true")
                .header("Vary", "Origin");
        return Stream.concat(
                others,
                Stream.of(
                        listed,
                        unread(answered("CORS origin", get("/health"), 200)),
                        unread(answered(
                                "CORS origin",
                                get("/health", "Origin: " + LISTED, "Origin: https://evil.example"),
                                200)),
                        unread(refused(
                                "CORS origin", get("/api/bogus", "Origin: https://evil.example"), 404, "not-found"))));
    }

    /** Returns requests on behalf of a signed-in user, so that the browser sends the cookie. */
    private static Stream<Row> forms() {
        List<String> strangers = List.of(
                "Sec-Fetch-Site: cross-site",
                "Sec-Fetch-Site: same-site",
                "Sec-Fetch-Site: SAME-ORIGIN",
                "Sec-Fetch-Site: same-origin\r\nSec-Fetch-Site: cross-site",
                "Origin: https://evil.example",
                "Origin: null",
                "Origin: http://localhost.evil.example",
                "Origin: http://localhost:8081",
                "Origin: " + LISTED,
                "Origin: http://localhost\r\nSec-Fetch-Site: cross-site",
                "Referer: http://localhost/",
                "X-Requested-With: XMLHttpRequest");
        Stream<Row> foreign = strangers.stream()
                .flatMap(stranger -> Stream.of("POST /api/events", "POST /start", "DELETE /api/sessions/a")
                        .map(route -> refused(
                                "CSRF",
                                Http.send(
                                        route.split(" ", -1)[0],
                                        route.split(" ", -1)[1],
                                        "text/plain",
                                        Http.event("a", "t", "1"),
                                        Callers.COOKIE,
                                        stranger),
                                403,
                                "cross-site")));
        Stream<Row> own = Stream.of(
                        "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=a")
                .map(type -> refused(
                        "CSRF form",
                        Http.send(
                                "POST",
                                "/api/events",
                                type,
                                Http.event("a", "t", "1"),
                                Callers.COOKIE,
                                "Sec-Fetch-Site: same-origin"),
                        415,
                        "unsupported-media-type"));
        return Stream.of(
                        foreign,
                        own,
                        Stream.of(
                                refused(
                                        "CSRF ticket",
                                        Http.send("POST", "/api/ticket", "", "", Callers.COOKIE),
                                        403,
                                        "cross-site"),
                                refused(
                                        "CSRF sign-out",
                                        Http.send("POST", "/api/sign-out", "", "", Callers.COOKIE, strangers.get(0)),
                                        403,
                                        "cross-site"),
                                refused(
                                        "CSRF sign-in",
                                        get("/?ticket={ticket}", "Accept: text/html", Callers.COOKIE, strangers.get(0)),
                                        403,
                                        "cross-site")))
                .flatMap(rows -> rows);
    }

    private static Stream<Row> sockets() {
        return Stream.of("https://evil.example", "null", "http://localhost.evil.example", "http://localhost:8081")
                .map(origin -> refused(
                        "WebSocket of another site",
                        get(
                                "/shop/live",
                                "Connection: Upgrade",
                                "Upgrade: websocket",
                                "Sec-WebSocket-Version: 13",
                                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                                "Cookie: tidegate=b",
                                "Origin: " + origin),
                        403,
                        "cross-site"));
    }

    private static Row unread(Row row) {
        return row.header(ALLOW_ORIGIN, "").header(ALLOW_CREDENTIALS, "").header("Vary", "Origin");
    }
}
