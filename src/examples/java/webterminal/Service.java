package webterminal;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import io.vertx.ext.web.handler.FileSystemAccess;
import io.vertx.ext.web.handler.StaticHandler;
import java.time.Clock;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Serves all routes of the service. */
final class Service extends VerticleBase {

    private static final int MAX_BODY = 4096;
    private static final int MAX_NAME = 80;
    private static final long PING_MILLIS = 30_000;
    private static final Pattern ADDRESS = Pattern.compile("[\\d.]+");

    private final Options options;
    private final RateLimit limit;
    private @Nullable Sessions sessions;
    private @Nullable HttpServer server;

    Service(Options options) {
        this.options = options;
        this.limit = new RateLimit(options.perMinute(), Clock.systemUTC());
    }

    @Override
    public Future<?> start() {
        Sessions created = new Sessions(options, context);
        sessions = created;
        vertx.setPeriodic(PING_MILLIS, tick -> created.ping());
        Future<HttpServer> listening =
                vertx.createHttpServer().requestHandler(router(created)).listen(options.port(), options.host());
        return listening.onSuccess(it -> server = it);
    }

    @Override
    public Future<?> stop() {
        return sessions == null ? Future.succeededFuture() : sessions.endAll();
    }

    int port() {
        return server == null ? 0 : server.actualPort();
    }

    private Router router(Sessions sessions) {
        Router router = Router.router(vertx);
        if (options.accessLog()) {
            router.route().handler(this::log);
        }
        router.route().handler(this::refuseOtherSites);
        router.route("/api/*").handler(this::limit);
        router.get("/api/sessions")
                .handler(ctx -> respond(ctx, 200, new JsonObject().put("sessions", sessions.json())));
        router.post("/api/sessions")
                .handler(BodyHandler.create(false).setBodyLimit(MAX_BODY))
                .handler(ctx -> create(ctx, sessions));
        router.get("/api/sessions/:id").handler(ctx -> with(ctx, sessions, it -> respond(ctx, 200, it.json())));
        router.delete("/api/sessions/:id")
                .handler(ctx -> with(ctx, sessions, session -> {
                    session.end();
                    session.ended()
                            .onSuccess(
                                    ended -> ctx.response().setStatusCode(204).end());
                }));
        router.get("/ws/sessions/:id")
                .handler(ctx -> with(ctx, sessions, session -> ctx.request()
                        .toWebSocket()
                        .onSuccess(session::attach)
                        .onFailure(noUpgrade -> fail(ctx, 400, "the request must be a WebSocket handshake"))));
        router.route("/files/*")
                .handler(StaticHandler.create(
                                FileSystemAccess.ROOT, options.folder().toString())
                        .setIncludeHidden(false)
                        .setCachingEnabled(false));
        Pages.mount(router);
        return router;
    }

    private interface Use {
        void of(Session session);
    }

    private static void with(RoutingContext ctx, Sessions sessions, Use use) {
        sessions.find(ctx.pathParam("id")).ifPresentOrElse(use::of, () -> fail(ctx, 404, "no such session"));
    }

    private static void create(RoutingContext ctx, Sessions sessions) {
        String name;
        Size size;
        try {
            JsonObject request =
                    ctx.body().isEmpty() ? new JsonObject() : ctx.body().asJsonObject();
            name = request.getString("name", "");
            size = Size.of(request);
        } catch (DecodeException | ClassCastException | IllegalArgumentException unfit) {
            fail(ctx, 400, "name must be a string, cols and rows must be numbers");
            return;
        }
        if (name.length() > MAX_NAME) {
            fail(ctx, 400, "name must have at most " + MAX_NAME + " characters");
            return;
        }
        sessions.create(name, size)
                .onSuccess(session -> {
                    ctx.response().putHeader("Location", "/api/sessions/" + session.id());
                    respond(ctx, 201, session.json());
                })
                .onFailure(failed -> fail(
                        ctx,
                        failed instanceof Sessions.FullException ? 409 : 500,
                        String.valueOf(failed.getMessage())));
    }

    /**
     * Refuses requests from pages of other sites. Such a page must not open a shell on behalf of its visitor, and must
     * not pass itself off as a page of this service by using a host name that resolves to this address (DNS rebinding).
     */
    private void refuseOtherSites(RoutingContext ctx) {
        HttpServerRequest request = ctx.request();
        String origin = request.getHeader("Origin");
        boolean reads = request.method().equals(HttpMethod.GET) && request.getHeader("Upgrade") == null;
        String host = request.getHeader("Host");
        String name = host == null ? "" : host.replaceFirst(":\\d+$", "");
        if (name.contains(".")
                && !ADDRESS.matcher(name).matches()
                && !options.names().contains(name)) {
            fail(ctx, 403, "the host name must be allowed with --names " + name);
        } else if (reads || origin == null || (host != null && origin.endsWith("://" + host))) {
            ctx.next();
        } else {
            fail(ctx, 403, "the request must come from a page of this service");
        }
    }

    /**
     * Applies the rate limit. Reads and changes are counted separately, so that a page that polls too often can still
     * end a session.
     */
    private void limit(RoutingContext ctx) {
        boolean reads = ctx.request().method().equals(HttpMethod.GET);
        long wait = limit.take((reads ? "reads " : "changes ") + client(ctx.request()));
        if (wait > 0) {
            ctx.response().putHeader("Retry-After", Long.toString(wait));
            fail(ctx, 429, "more than " + options.perMinute() + " requests in a minute");
        } else {
            ctx.next();
        }
    }

    /**
     * Returns the name under which a client's requests are counted. It is {@code token} for a program that sends the
     * configured token, and otherwise the last address in {@code X-Forwarded-For} that is not the address of a proxy on
     * this host.
     */
    private String client(HttpServerRequest request) {
        String token = request.getHeader("Authorization");
        if (!options.token().isEmpty() && ("Bearer " + options.token()).equals(token)) {
            return "token";
        }
        String client = request.remoteAddress().hostAddress();
        String forwarded = request.getHeader("X-Forwarded-For");
        String[] hops = forwarded == null ? new String[0] : forwarded.split(",", -1);
        for (int i = hops.length - 1; i >= 0 && isLoopback(client); i--) {
            client = hops[i].strip();
        }
        return client;
    }

    private static boolean isLoopback(String address) {
        return address.startsWith("127.") || address.equals("::1") || address.equals("0:0:0:0:0:0:0:1");
    }

    private void log(RoutingContext ctx) {
        ctx.addEndHandler(ended -> System.out.println(client(ctx.request())
                + ' '
                + ctx.request().method()
                + ' '
                + ctx.request().path()
                + ' '
                + ctx.response().getStatusCode()));
        ctx.next();
    }

    private static void respond(RoutingContext ctx, int status, JsonObject body) {
        ctx.response()
                .setStatusCode(status)
                .putHeader("Content-Type", "application/json")
                .putHeader("Cache-Control", "no-store")
                .end(body.encode());
    }

    private static void fail(RoutingContext ctx, int status, String error) {
        respond(ctx, status, new JsonObject().put("error", error));
    }
}
