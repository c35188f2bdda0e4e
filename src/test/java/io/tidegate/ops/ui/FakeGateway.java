package io.tidegate.ops.ui;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Implements the wire contract in memory and fails on demand, so that page tests can produce conditions that are rare
 * with a real gateway, such as refusing every stream. Guarded by its own lock.
 */
final class FakeGateway {

    /** The response to requests for streams. */
    enum Streams {
        GIVEN,
        REFUSED,
        BUSY
    }

    private record Event(long offset, String topic, String type, JsonObject data, String time) {}

    private record Reader(HttpServerResponse response, Predicate<Event> wants, String list, boolean live) {}

    private static final Map<String, String> SINGULAR =
            Map.of("sessions", "session", "deploys", "deploy", "instances", "instance");

    private final Vertx vertx;
    private final HttpServer server;
    private final List<Event> events = new ArrayList<>();
    private final List<Reader> readers = new ArrayList<>();
    private final Map<String, Map<String, JsonObject>> lists = new LinkedHashMap<>();
    private Streams streams = Streams.GIVEN;
    private boolean signedIn = true;
    private boolean deploysRefused;
    private int overlap;
    private int pagesStatus = 200;
    private String retryAfter = "";
    private int pages;
    private int refused;
    private int unchanged;
    private int opened;
    private int ids;

    FakeGateway(Vertx vertx) throws Exception {
        this.vertx = vertx;
        SINGULAR.keySet().forEach(kind -> lists.put(kind, new LinkedHashMap<>()));
        this.server = vertx.createHttpServer()
                .requestHandler(router())
                .listen(0, "127.0.0.1")
                .await(10, TimeUnit.SECONDS);
    }

    String url(String path) {
        return "http://127.0.0.1:" + server.actualPort() + path;
    }

    // ---- controls for tests

    synchronized void streams(Streams next) {
        streams = next;
    }

    synchronized void signedIn(boolean next) {
        signedIn = next;
    }

    /** Sets the number of events that every resumed stream repeats from before its cursor. */
    synchronized void overlap(int events) {
        overlap = events;
    }

    synchronized void deploysRefused(boolean next) {
        deploysRefused = next;
    }

    /** Sets the status of every page and its Retry-After, which is omitted if empty. */
    synchronized void pagesAnswer(int status, String seconds) {
        pagesStatus = status;
        retryAfter = seconds;
    }

    /** Closes the connections of all open streams, as a proxy or a restart does. */
    synchronized void cut() {
        List<Reader> open = List.copyOf(readers);
        readers.clear();
        open.forEach(reader -> reader.response().reset());
    }

    /** Returns the number of refused requests. */
    synchronized int refused() {
        return refused;
    }

    synchronized int pages() {
        return pages;
    }

    synchronized int unchanged() {
        return unchanged;
    }

    synchronized int opened() {
        return opened;
    }

    synchronized int open() {
        return readers.size();
    }

    synchronized void publish(String topic, String type, JsonObject data) {
        Event event =
                new Event(events.size() + 1, topic, type, data, Instant.now().toString());
        events.add(event);
        readers.stream().filter(reader -> reader.wants().test(event)).forEach(reader -> reader.response()
                .write(frame(event, reader)));
    }

    /** Creates or changes a member of a list. */
    synchronized JsonObject put(String kind, String verb, JsonObject member) {
        JsonObject full = new JsonObject()
                .put("created_at", Instant.now().toString())
                .put("updated_at", Instant.now().toString())
                .mergeIn(member);
        JsonObject before = list(kind).get(full.getString("id"));
        JsonObject after = before == null ? full : before.copy().mergeIn(member);
        list(kind).put(full.getString("id"), after);
        String topic = kind.equals("deploys") ? kind + "/" + full.getString("id") : kind;
        publish(topic, SINGULAR.get(kind) + "_" + verb, after);
        return after;
    }

    synchronized void remove(String kind, String verb, String id) {
        JsonObject member = Objects.requireNonNull(list(kind).remove(id));
        publish(kind, SINGULAR.get(kind) + "_" + verb, member);
    }

    synchronized void log(String deploy, int number, String stream, String line) {
        publish(
                "deploys/" + deploy,
                "deploy_log",
                new JsonObject()
                        .put("deploy_id", deploy)
                        .put("n", number)
                        .put("stream", stream)
                        .put("line", line)
                        .put("time", Instant.now().toString()));
    }

    void finish(String deploy, String status, int exitCode) {
        put(
                "deploys",
                "status",
                new JsonObject()
                        .put("id", deploy)
                        .put("status", status)
                        .put("finished_at", Instant.now().toString())
                        .put("exit_code", exitCode));
    }

    // ---- requests of browsers

    private Router router() {
        Router router = Router.router(vertx);
        Pages.load().mount(router, path -> true, "", "");
        router.route().handler(BodyHandler.create(false));
        router.post("/api/ticket").handler(this::ticket);
        router.route("/api/*").handler(this::guard);
        router.post("/start").handler(this::start);
        router.get("/api/events").handler(ctx -> events(ctx, everything(ctx)));
        router.post("/api/events").handler(this::publish);
        router.get("/api/sse/:kind").handler(this::kindStream);
        router.get("/api/deploys/:id/logs").handler(this::log);
        router.get("/events/:id").handler(this::log);
        router.get("/api/:kind").handler(this::list);
        router.post("/api/:kind").handler(this::create);
        router.delete("/api/:kind/:id").handler(this::end);
        return router;
    }

    private synchronized void guard(RoutingContext ctx) {
        if (signedIn) {
            ctx.next();
        } else {
            refuse(ctx, 401);
        }
    }

    private synchronized void ticket(RoutingContext ctx) {
        if ("Bearer good".equals(ctx.request().getHeader("Authorization"))) {
            signedIn = true;
            ctx.json(new JsonObject().put("ticket", "t"));
        } else {
            refuse(ctx, 401);
        }
    }

    private void refuse(RoutingContext ctx, int status) {
        refused++;
        ctx.response().setStatusCode(status).putHeader("Content-Type", "application/problem+json");
        ctx.end(new JsonObject()
                .put("status", status)
                .put("detail", "refused by the test")
                .toBuffer());
    }

    private static Predicate<Event> everything(RoutingContext ctx) {
        String topics = ctx.request().getParam("topics");
        return event -> topics == null || List.of(topics.split(",", -1)).contains(event.topic());
    }

    private static Predicate<Event> ofDeploy(RoutingContext ctx) {
        String topic = "deploys/" + ctx.pathParam("id");
        return event -> event.topic().equals(topic);
    }

    private synchronized void log(RoutingContext ctx) {
        if (list("deploys").containsKey(ctx.pathParam("id"))) {
            events(ctx, ofDeploy(ctx));
        } else {
            refuse(ctx, 404);
        }
    }

    private synchronized void events(RoutingContext ctx, Predicate<Event> wants) {
        String accept = Objects.requireNonNullElse(ctx.request().getHeader("Accept"), "");
        if (accept.contains("text/event-stream")) {
            stream(ctx, wants, "");
            return;
        }
        long since = since(ctx);
        List<Event> found = events.stream()
                .filter(wants)
                .filter(event -> event.offset() > since)
                .toList();
        int limit = Integer.parseInt(Objects.requireNonNullElse(ctx.request().getParam("limit"), "100000"));
        List<Event> page = since < 0
                ? found.subList(Math.max(0, found.size() - limit), found.size())
                : found.subList(0, Math.min(limit, found.size()));
        boolean more = since >= 0 && page.size() < found.size();
        long next = more ? page.get(page.size() - 1).offset() : events.size();
        JsonArray json = new JsonArray();
        page.forEach(event -> json.add(new JsonObject()
                .put("cursor", cursor(event.offset()))
                .put("topic", event.topic())
                .put("type", event.type())
                .put("time", event.time())
                .put("data", event.data())));
        page(
                ctx,
                new JsonObject()
                        .put("events", json)
                        .put("cursor", cursor(next))
                        .put("gap", false)
                        .put("more", more));
    }

    private synchronized void list(RoutingContext ctx) {
        page(ctx, listed(ctx.pathParam("kind")).put("cursor", cursor(events.size())));
    }

    private void page(RoutingContext ctx, JsonObject body) {
        if (pagesStatus != 200) {
            ctx.response().putHeader("Retry-After", retryAfter);
            refuse(ctx, pagesStatus);
            return;
        }
        pages++;
        String etag = "\"" + Integer.toHexString(body.encode().hashCode()) + "\"";
        ctx.response().putHeader("ETag", etag);
        if (etag.equals(ctx.request().getHeader("If-None-Match"))) {
            unchanged++;
            ctx.response().setStatusCode(304).end();
        } else {
            ctx.json(body);
        }
    }

    private synchronized void kindStream(RoutingContext ctx) {
        String kind = ctx.pathParam("kind");
        stream(ctx, event -> event.topic().split("/", -1)[0].equals(kind), kind);
    }

    private void stream(RoutingContext ctx, Predicate<Event> wants, String list) {
        if (streams == Streams.REFUSED) {
            refuse(ctx, 503);
            return;
        }
        HttpServerResponse response = ctx.response()
                .setChunked(true)
                .putHeader("Content-Type", "text/event-stream; charset=utf-8")
                .putHeader("Cache-Control", "no-cache, no-transform");
        if (streams == Streams.BUSY) {
            response.end("retry: 60000\n\nevent: gateway.busy\ndata: {\"reason\":\"limit\",\"retryAfterMs\":1500}\n\n");
            return;
        }
        opened++;
        Reader reader = new Reader(response, wants, list, true);
        response.write("retry: 300\n: welcome\n\n");
        long since = Math.max(since(ctx) - overlap, since(ctx) < 0 ? -1 : 0);
        if (since >= 0) {
            response.write("event: gateway.resume\ndata: {\"status\":\"continued\"}\n\n");
            events.stream()
                    .filter(event -> event.offset() > since)
                    .filter(wants)
                    .forEach(event -> response.write(frame(event, new Reader(response, wants, list, false))));
        }
        if (!list.isEmpty()) {
            JsonObject snapshot = new JsonObject().put("type", list).mergeIn(listed(list));
            response.write("id: " + cursor(events.size()) + "\ndata: " + snapshot + "\n\n");
        }
        readers.add(reader);
        response.closeHandler(closed -> {
            synchronized (this) {
                readers.remove(reader);
            }
        });
    }

    private String frame(Event event, Reader reader) {
        JsonObject data = new JsonObject().put("type", event.type());
        if (reader.list().isEmpty()) {
            data.put("payload", event.data());
        } else {
            data.put(SINGULAR.get(reader.list()), event.data());
            // The list at the time of the event is not stored, so only live readers get the current one.
            data.mergeIn(reader.live() ? listed(reader.list()) : new JsonObject());
        }
        return "id: " + cursor(event.offset()) + "\ndata: " + data + "\n\n";
    }

    private synchronized void publish(RoutingContext ctx) {
        JsonArray drafts = ctx.body().asJsonArray();
        for (int i = 0; i < drafts.size(); i++) {
            JsonObject draft = drafts.getJsonObject(i);
            publish(draft.getString("topic"), draft.getString("type"), draft.getJsonObject("data"));
        }
        ctx.json(new JsonObject().put("cursor", cursor(events.size())));
    }

    private synchronized void start(RoutingContext ctx) {
        if (deploysRefused) {
            refuse(ctx, 429);
            return;
        }
        String id = "d-" + ++ids;
        put(
                "deploys",
                "created",
                new JsonObject().put("id", id).put("recipe", "demo").put("status", "running"));
        ctx.response()
                .setStatusCode(303)
                .putHeader("Location", "/deployment/" + id)
                .end();
    }

    private synchronized void create(RoutingContext ctx) {
        String kind = ctx.pathParam("kind");
        JsonObject body = new JsonObject()
                .put("id", kind.charAt(0) + "-" + ++ids)
                .put("status", "active")
                .mergeIn(ctx.body().asJsonObject());
        ctx.response().setStatusCode(201);
        ctx.json(put(kind, "created", body));
    }

    private synchronized void end(RoutingContext ctx) {
        String id = ctx.pathParam("id");
        if (ctx.pathParam("kind").equals("deploys")) {
            finish(id, "cancelled", 143);
        } else {
            remove("sessions", "terminated", id);
        }
        ctx.json(new JsonObject().put("id", id));
    }

    private JsonObject listed(String kind) {
        return new JsonObject().put(kind, new JsonArray(List.copyOf(list(kind).values())));
    }

    private Map<String, JsonObject> list(String kind) {
        return Objects.requireNonNull(lists.get(kind), kind);
    }

    private static String cursor(long offset) {
        return "t1-" + offset;
    }

    private static long since(RoutingContext ctx) {
        @Nullable String last = ctx.request().getHeader("Last-Event-ID");
        @Nullable String cursor = last == null ? ctx.request().getParam("since") : last;
        return cursor == null ? -1 : Long.parseLong(cursor.substring(3));
    }
}
