package io.tidegate.corpus;

import static io.tidegate.corpus.Http.event;
import static io.tidegate.corpus.Http.get;
import static io.tidegate.corpus.Row.answered;
import static io.tidegate.corpus.Row.refused;

import java.util.List;
import java.util.stream.Stream;

/** Requests by callers that exceed their role or their topics. */
final class GrantRows {

    private GrantRows() {}

    static Stream<Row> all() {
        return Stream.of(roles(), overrides(), readsElsewhere(), writesElsewhere())
                .flatMap(rows -> rows);
    }

    /**
     * Returns requests to each writing route by a viewer, to each admin route by other roles, and to each route without
     * a token.
     */
    private static Stream<Row> roles() {
        List<String> writes = List.of(
                "POST /api/events",
                "POST /start",
                "POST /api/sessions",
                "PATCH /api/sessions/a",
                "DELETE /api/sessions/a",
                "PUT /api/instances/a",
                "DELETE /api/instances/a",
                "POST /api/items/a",
                "PATCH /api/items/a",
                "DELETE /api/items/a",
                "POST /api/items/a/revisions",
                "PUT /api/server/state",
                "POST /api/deploys",
                "PATCH /api/deploys/a",
                "DELETE /api/deploys/a",
                "POST /api/deploys/a/logs");
        List<String> admins = List.of("GET /api/streams", "DELETE /api/streams?subject=paul");
        List<String> reads = List.of(
                "GET /api/events",
                "GET /api/sse/sessions",
                "GET /api/sse/deploys",
                "GET /api/sse/instances",
                "GET /api/sse/items",
                "GET /api/deploys",
                "GET /api/instances",
                "GET /api/items",
                "GET /api/deploys/a/logs",
                "GET /events/a",
                "POST /api/ticket");
        return Stream.of(
                        writes.stream().map(route -> forbidden("role viewer", route, Callers.VIEWER)),
                        admins.stream().map(route -> forbidden("role viewer", route, Callers.VIEWER)),
                        admins.stream().map(route -> forbidden("role publisher", route, Callers.PUBLISHER)),
                        Stream.of(writes, admins, reads)
                                .flatMap(List::stream)
                                .map(route -> refused("no role", request(route, ""), 401, "unauthenticated")))
                .flatMap(rows -> rows);
    }

    /** Returns rows that check that only the method and the path of the request line are authoritative. */
    private static Stream<Row> overrides() {
        String list = "/api/sessions";
        return Stream.of(
                answered("method override", get(list, Callers.VIEWER, "X-HTTP-Method-Override: DELETE"), 200),
                answered("method override", get(list + "?_method=DELETE", Callers.VIEWER), 200),
                refused(
                        "method override",
                        Http.request("POST", list, Callers.VIEWER, "X-HTTP-Method: GET", "Content-Length: 0"),
                        403,
                        "forbidden"),
                refused(
                        "path override",
                        get("/api/bogus", Callers.VIEWER, "X-Original-URL: /api/streams"),
                        404,
                        "not-found"),
                refused(
                        "path override",
                        get("/api/bogus", Callers.VIEWER, "X-Rewrite-URL: /api/streams"),
                        404,
                        "not-found"),
                refused("role by header", get("/api/streams", Callers.VIEWER, "X-Role: admin"), 403, "forbidden"),
                refused("role by query", get("/api/streams?role=admin&roles=admin", Callers.VIEWER), 403, "forbidden"),
                refused("method in lower case", Http.request("get", list, Callers.VIEWER), 405, "method-not-allowed")
                        .nginx(400),
                refused("method in lower case", Http.request("post", list, Callers.VIEWER), 405, "method-not-allowed")
                        .nginx(400));
    }

    /** Returns rows that check that events on {@code closed/x} cannot be read without a grant. */
    private static Stream<Row> readsElsewhere() {
        return Stream.of(
                        "/api/events?since=oldest",
                        "/api/events?since=oldest&topics=closed/x",
                        "/api/events?since=oldest&topics=closed%2Fx",
                        "/api/events?since=oldest&topics=closed/**",
                        "/api/events?since=oldest&topics=**",
                        "/api/events?since=oldest&topics=*/x",
                        "/api/events?since=oldest&topics=open/**,closed/x",
                        "/api/events?since=oldest&topics=open&topics=closed/x",
                        "/api/events?since=oldest&types=*",
                        "/api/events?since=oldest&key=k",
                        "/api/events?since=oldest&topic=closed/x",
                        "/api/events?since=oldest&topics[]=closed/x",
                        "/%61pi/events?since=oldest&topics=closed/x")
                .flatMap(target -> Stream.of(Callers.NARROW, Callers.NARROW_VIEWER)
                        .map(caller -> answered("topics beyond the grant", get(target, caller), 200)
                                .lacks("closed/x")));
    }

    private static Stream<Row> writesElsewhere() {
        Stream<Row> topics = Stream.of("closed/x", "openx", "Open", "open-", "sessions", "server", "closed/open")
                .map(topic -> refused("topic beyond the grant", publish(event(topic, "t", "1")), 403, "forbidden"));
        Stream<Row> spellings = Stream.of(
                        "open/../closed",
                        "open/./x",
                        "open//x",
                        "/open",
                        "open/",
                        "open/**",
                        "open/*",
                        "*",
                        "**",
                        "open%2F..%2Fclosed",
                        "open\\\\..\\\\closed",
                        "open\\u0000/x",
                        "open/\\u002e\\u002e/closed",
                        "\\uff4fpen",
                        "open,closed",
                        "open closed",
                        "open/\\u200bx")
                .map(topic ->
                        refused("topic spelled otherwise", publish(event(topic, "t", "1")), 422, "invalid-topic"));
        return Stream.of(
                        topics,
                        spellings,
                        Stream.of(
                                refused(
                                        "one of several beyond the grant",
                                        publish("[" + event("open", "t", "1") + "," + event("closed", "t", "1") + "]"),
                                        403,
                                        "forbidden"),
                                refused(
                                        "command beyond the grant",
                                        Http.send("POST", "/api/sessions", "application/json", "{}", Callers.NARROW),
                                        403,
                                        "forbidden"),
                                refused(
                                        "command beyond the grant",
                                        Http.send(
                                                "PATCH", "/api/deploys/open", "application/json", "{}", Callers.NARROW),
                                        403,
                                        "forbidden"),
                                refused(
                                        "recipe beyond the grant",
                                        Http.send("POST", "/start", "", "", Callers.NARROW),
                                        403,
                                        "forbidden")))
                .flatMap(rows -> rows);
    }

    private static String publish(String body) {
        return Http.send("POST", "/api/events", "application/json", body, Callers.NARROW);
    }

    private static Row forbidden(String theme, String route, String caller) {
        return refused(theme, request(route, caller), 403, "forbidden");
    }

    private static String request(String route, String caller) {
        String[] parts = route.split(" ", -1);
        return caller.isEmpty()
                ? Http.request(parts[0], parts[1], "Content-Length: 0")
                : Http.request(parts[0], parts[1], caller, "Content-Length: 0");
    }
}
