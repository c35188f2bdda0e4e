package io.tidegate.http;

import static io.tidegate.auth.Role.PUBLISHER;
import static io.tidegate.auth.Role.VIEWER;

import io.tidegate.auth.Caller;
import io.tidegate.auth.Guard;
import io.tidegate.auth.SignIn;
import io.tidegate.auth.TicketHandler;
import io.tidegate.deploy.LastEvent;
import io.tidegate.deploy.StartHandler;
import io.tidegate.event.Kind;
import io.tidegate.event.Topic;
import io.tidegate.event.TopicPattern;
import io.tidegate.hub.Hub;
import io.tidegate.item.ServerStateVerticle;
import io.tidegate.journal.Journal;
import io.tidegate.kind.Command.Verb;
import io.tidegate.kind.CommandHandler;
import io.tidegate.poll.ListHandler;
import io.tidegate.poll.PageHandler;
import io.tidegate.proxy.OriginProxy;
import io.tidegate.publish.PublishHandler;
import io.tidegate.sse.Access;
import io.tidegate.sse.StreamHandlers;
import io.tidegate.sse.Streams;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.List;
import java.util.Set;

/**
 * Every route of the gateway with its guard, in the order in which they are tried. Belongs to one event loop. Built anew
 * from new options; requests that are under way stay with the old one.
 *
 * <p>Our own routes come first, then the origins, then the application page for whoever wants HTML. An origin whose
 * prefix, other than {@code /}, covers the path of a kind owns that kind: its routes are not ours then.
 */
final class Routes {

    private static final Set<Kind> KINDS = Set.of(Kind.SESSIONS, Kind.DEPLOYS, Kind.INSTANCES, Kind.ITEMS);

    private final Vertx vertx;
    private final Shared shared;
    private final Journal journal;
    private final Guard guard;
    private final OriginProxy proxy;
    private final Shared.Options options;
    private final StreamHandlers streams;
    private final PageHandler page;
    private final Handler<RoutingContext> body;
    private final Router router;

    Routes(Vertx vertx, Shared shared, Shared.Options options, Hub hub, Streams streams, OriginProxy proxy) {
        this.vertx = vertx;
        this.shared = shared;
        this.options = options;
        this.journal = shared.journal();
        this.guard = new Guard(shared.tokens(), shared.tickets());
        this.proxy = proxy;
        this.streams = new StreamHandlers(streams, journal, Routes::access);
        this.page = new PageHandler(journal, hub, options.poll(), Routes::grants);
        this.body = BodyHandler.create(false).setBodyLimit(options.http().maxBody());
        this.router = Router.router(vertx);
    }

    Router router() {
        Failures failures = new Failures(shared.listeners().problems());
        router.route().failureHandler(failures);
        List.of(400, 404, 405, 413, 415, 500).forEach(status -> router.errorHandler(status, failures));

        router.route().handler(new Target());
        router.get("/health").handler(shared.readiness()::health);
        router.get("/ready").handler(shared.readiness()::ready);
        events();
        KINDS.stream().filter(this::ours).forEach(this::kind);
        if (ours("/api/server")) {
            write(
                    HttpMethod.PUT,
                    "/api/server/state",
                    new CommandHandler(
                            vertx.eventBus(), Kind.OTHER, ServerStateVerticle.TOPIC, Verb.PUT, "", Routes::mayPublish));
        }
        deployPages();
        router.post("/api/ticket").handler(guard.require(VIEWER)).handler(new TicketHandler(shared.tickets()));
        pages();
        router.route().handler(proxy);
        fallback();
        return router;
    }

    private void events() {
        read("/api/events", either(streams.events(), page));
        write(
                HttpMethod.POST,
                "/api/events",
                new PublishHandler(
                        vertx.eventBus(),
                        Routes::mayPublish,
                        ctx -> Caller.of(ctx).subject(),
                        shared.listeners().publish()));
        KINDS.forEach(kind -> read("/api/sse/" + kind.plural(), streams.ofKind(kind)));
    }

    private void kind(Kind kind) {
        String path = "/api/" + kind.plural();
        read(path, new ListHandler(kind, journal, Routes::grants));
        switch (kind) {
            case SESSIONS -> {
                command(HttpMethod.POST, path, kind, Verb.CREATE, "");
                command(HttpMethod.PATCH, path + "/:id", kind, Verb.PATCH, "id");
                command(HttpMethod.DELETE, path + "/:id", kind, Verb.DELETE, "id");
            }
            case INSTANCES -> {
                command(HttpMethod.PUT, path + "/:id", kind, Verb.PUT, "id");
                command(HttpMethod.DELETE, path + "/:id", kind, Verb.DELETE, "id");
            }
            case ITEMS -> {
                command(HttpMethod.POST, path + "/:part", kind, Verb.CREATE, "part");
                command(HttpMethod.PATCH, path + "/:part", kind, Verb.PATCH, "part");
                command(HttpMethod.DELETE, path + "/:part", kind, Verb.DELETE, "part");
                command(HttpMethod.POST, path + "/:part/revisions", kind, Verb.ADD, "part");
            }
            case DEPLOYS -> {
                command(HttpMethod.POST, path, kind, Verb.CREATE, "");
                command(HttpMethod.PATCH, path + "/:id", kind, Verb.PATCH, "id");
                command(HttpMethod.DELETE, path + "/:id", kind, Verb.DELETE, "id");
                command(HttpMethod.POST, path + "/:id/logs", kind, Verb.ADD, "id");
                read(path + "/:id/logs", either(deployLog(), page.ofMember(kind)));
            }
            case OTHER -> throw new IllegalArgumentException("the kind of everything else has no routes");
        }
    }

    private void deployPages() {
        read("/events/:id", deployLog());
        write(
                HttpMethod.POST,
                "/start",
                new StartHandler(vertx.eventBus(), options.defaultRecipe(), Routes::mayPublish));
    }

    private void pages() {
        shared.pages().ifPresent(pages -> {
            router.get().handler(new SignIn(shared.tokens(), shared.tickets(), shared.clock()));
            pages.mount(router);
        });
    }

    private void fallback() {
        shared.pages().ifPresent(pages -> router.get().handler(ctx -> {
            boolean application = !ctx.request().path().startsWith("/api/");
            if (application && wantsHtml(ctx)) {
                pages.index(ctx);
            } else {
                ctx.next();
            }
        }));
    }

    private Handler<RoutingContext> deployLog() {
        return streams.toTheEnd(Kind.DEPLOYS, new LastEvent());
    }

    private void read(String path, Handler<RoutingContext> handler) {
        router.get(path).handler(guard.require(VIEWER)).handler(handler);
    }

    private void command(HttpMethod method, String path, Kind kind, Verb verb, String parameter) {
        write(method, path, new CommandHandler(vertx.eventBus(), kind, verb, parameter, Routes::mayPublish));
    }

    /** The guard comes before the body: whoever may not write has nothing of ours kept for him. */
    private void write(HttpMethod method, String path, Handler<RoutingContext> handler) {
        router.route(method, path).handler(guard.require(PUBLISHER));
        router.route(method, path).handler(body).handler(handler);
    }

    private boolean ours(Kind kind) {
        return ours("/api/" + kind.plural());
    }

    private boolean ours(String path) {
        return proxy.originFor(path)
                .filter(origin -> !origin.prefix().equals("/"))
                .isEmpty();
    }

    private static Handler<RoutingContext> either(Handler<RoutingContext> stream, Handler<RoutingContext> json) {
        return ctx -> (StreamHandlers.wanted(ctx) ? stream : json).handle(ctx);
    }

    private static boolean wantsHtml(RoutingContext ctx) {
        String accept = ctx.request().getHeader("Accept");
        return accept != null && accept.contains("text/html");
    }

    private static Access access(RoutingContext ctx) {
        Caller caller = Caller.of(ctx);
        return new Access(caller.read(), caller.expires());
    }

    private static List<TopicPattern> grants(RoutingContext ctx) {
        return Caller.of(ctx).read();
    }

    private static boolean mayPublish(RoutingContext ctx, Topic topic) {
        return Caller.of(ctx).mayPublish(topic);
    }
}
