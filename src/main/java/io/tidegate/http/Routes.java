package io.tidegate.http;

import static io.tidegate.access.Role.ADMIN;
import static io.tidegate.access.Role.PUBLISHER;
import static io.tidegate.access.Role.VIEWER;
import static io.vertx.core.http.HttpMethod.DELETE;
import static io.vertx.core.http.HttpMethod.GET;
import static io.vertx.core.http.HttpMethod.HEAD;
import static io.vertx.core.http.HttpMethod.POST;
import static io.vertx.core.http.HttpMethod.PUT;

import io.tidegate.adapter.grip.Holds;
import io.tidegate.adapter.tap.Taps;
import io.tidegate.auth.Guard;
import io.tidegate.auth.SignIn;
import io.tidegate.auth.SignOut;
import io.tidegate.auth.TicketHandler;
import io.tidegate.delivery.hub.Hub;
import io.tidegate.delivery.poll.Freshness;
import io.tidegate.delivery.poll.ListHandler;
import io.tidegate.delivery.poll.PageHandler;
import io.tidegate.delivery.poll.ResponseMemory;
import io.tidegate.delivery.sse.StreamHandlers;
import io.tidegate.delivery.sse.Streams;
import io.tidegate.event.Kind;
import io.tidegate.event.Verb;
import io.tidegate.journal.Journal;
import io.tidegate.kind.CommandHandler;
import io.tidegate.kind.deploy.LastEvent;
import io.tidegate.kind.deploy.StartHandler;
import io.tidegate.kind.item.ServerStateRules;
import io.tidegate.ops.ui.Pages;
import io.tidegate.problem.Code;
import io.tidegate.problem.Problem;
import io.tidegate.proxy.OriginProxy;
import io.tidegate.proxy.origin.Origin;
import io.tidegate.publish.PublishHandler;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Creates all routes of the gateway with their guards, in the order in which they are tried. The routes are rebuilt
 * when the options change; requests in progress keep the old routes. Owned by one event loop.
 *
 * <p>The gateway's own routes come first, then the origins, then the application page for clients that accept HTML. If
 * an origin's prefix covers the path of a kind and is not {@code /}, the origin owns that kind, and the gateway has no
 * routes for it. A watched kind is also owned by an origin, but its list is served by the gateway.
 */
final class Routes {

    private static final Handler<RoutingContext> NOT_FOUND = ctx -> ctx.fail(404);

    private final Vertx vertx;
    private final NodeServices services;
    private final Journal journal;
    private final Guard guard;
    private final OriginProxy proxy;
    private final NodeServices.Options options;
    private final StreamHandlers streams;
    private final Shedding shedding;
    private final RequestSanity sanity;
    private final Limiting limiting;
    private final ProblemHandler problems;
    private final ResponseMemory outgoing;
    private final PageHandler page;
    private final Handler<RoutingContext> body;
    private final Router router;
    private final RootPaths rootPaths;
    /** The path under which the pages at the root find all other resources. */
    private final String home;

    private final Function<HttpServerRequest, String> mountPath;
    private final ApiRoutes own;

    Routes(
            Vertx vertx,
            NodeServices services,
            NodeServices.Options options,
            Hub hub,
            Streams streams,
            OriginProxy proxy,
            RequestSanity sanity) {
        this.vertx = vertx;
        this.services = services;
        this.options = options;
        this.journal = services.journal();
        this.guard = new Guard(services.tokens(), services.tickets(), options.auth());
        this.proxy = proxy;
        this.sanity = sanity;
        this.rootPaths = new RootPaths(
                options.ui().path(),
                options.http().apiPath(),
                proxy.originFor("/").isPresent(),
                options.kinds(),
                options.watched());
        this.home = rootPaths.originAtRoot() || rootPaths.isMoved() ? rootPaths.prefix() : "";
        this.mountPath = options.http().proxies()::mountPath;
        this.router = Router.router(vertx);
        this.own = new ApiRoutes(vertx, router, rootPaths, mountPath, guard);
        this.limiting = new Limiting(services, guard, options.http(), own, this::isForOrigin);
        this.streams = new StreamHandlers(
                streams, journal, limiting::stream, services.metrics().problems(), own);
        this.shedding =
                new Shedding(services.headroom(), this.streams, options.http().maxBody());
        this.outgoing = new ResponseMemory(services.headroom().outgoing(), limiting::client);
        this.page = new PageHandler(journal, hub, options.poll(), services.clock(), own, outgoing);
        this.body = BodyHandler.create(false).setBodyLimit(options.http().maxBody());
        this.problems = new ProblemHandler(services.metrics().problems());
    }

    /** Returns the rules for clients that origins hand over. */
    Holds.Guests guests() {
        return new Holds.Guests(
                limiting::held, streams::refuse, options.streams().maxLag());
    }

    /** Returns the gateway's own paths with their methods. Must be called after {@link #router}. */
    Map<String, Set<HttpMethod>> ownPaths() {
        return own.methodsOfPaths();
    }

    Router router() {
        router.route().failureHandler(problems);
        List.of(400, 404, 500).forEach(status -> router.errorHandler(status, problems));

        router.route().handler(new TargetCheck(this::selected)::check).handler(sanity::check);
        router.route().handler(limiting::request);
        Taps taps = Tapping.of(vertx.eventBus(), services, options.taps(), options.watched());
        Handler<RoutingContext> toOrigin = shedding.toOrigin(proxy, ctx -> {
            sanity.prepareProxied(ctx);
            taps.observe(ctx);
        });
        own.add("/health", GET, HEAD).forEach(route -> route.handler(services.readiness()::health));
        own.add("/ready", GET, HEAD).forEach(route -> route.handler(services.readiness()::ready));
        events();
        Kind.withMembers().stream().filter(this::isOwn).forEach(this::kind);
        options.watched().forEach(this::watched);
        if (isOwn("/api/server")) {
            write(PUT, "/api/server/state", serverState());
        }
        deploys();
        StreamsHandler admin = new StreamsHandler(services.loops(), services.tickets());
        own.guarded(ADMIN, "/api/streams", admin::list, GET);
        own.guarded(ADMIN, "/api/streams", admin::end, DELETE);
        own.guarded(VIEWER, "/api/ticket", new TicketHandler(services.tickets()), POST);
        own.add("/api/sign-out", POST).forEach(route -> route.handler(new SignOut(options.auth(), mountPath)));
        services.pages().ifPresent(pages -> Pages.PATHS.forEach(own::reserve));
        own.reserve("/api/sse/*");
        own.mount(sanity, NOT_FOUND);
        pages();
        router.route().handler(toOrigin);
        fallbacks();
        return router;
    }

    /** Returns the origin, route and rate that a path selects without being decoded. */
    private TargetCheck.Selected selected(String path) {
        return new TargetCheck.Selected(
                proxy.originFor(path).map(Origin::prefix).orElse(""), own.routeOf(path), limiting.rateOf(path));
    }

    private void events() {
        read("/api/events", AcceptHeader.negotiate(shedding.stream(streams.events()), page));
        write(POST, "/api/events", new PublishHandler(vertx, services.metrics().publish()));
        Kind.withMembers().forEach(kind -> stream("/api/sse/" + kind.plural(), shedding.stream(streams.ofKind(kind))));
        own.guarded(VIEWER, "/api/sse/:kind", Routes::refuseKind, GET);
    }

    /** Adds the list of a watched kind, which contains the members that the watch has last seen. */
    private void watched(Kind kind) {
        Freshness freshness = () -> services.watches().staleSince(kind);
        read(kind.path(), new ListHandler(kind, journal, outgoing, Optional.of(freshness)));
    }

    private void kind(Kind kind) {
        String path = kind.path();
        read(path, new ListHandler(kind, journal, outgoing));
        kind.operations()
                .forEach(operation -> write(
                        HttpMethod.valueOf(operation.verb().method()),
                        path + operation.path(),
                        new CommandHandler(vertx.eventBus(), kind, operation, own)));
    }

    /** Adds the routes that only deploys have: the logs, and the form target with which a page starts a deploy. */
    private void deploys() {
        if (isOwn(Kind.DEPLOYS)) {
            read(Kind.DEPLOYS.path() + "/:id/logs", AcceptHeader.negotiate(deployLog(), page.ofMember(Kind.DEPLOYS)));
        }
        stream("/events/:id", deployLog());
        write(POST, "/start", new StartHandler(vertx.eventBus(), options.defaultRecipe(), mountPath));
    }

    /**
     * Adds the pages and all other routes under the path of the pages. Requests for them are never forwarded to an
     * origin.
     */
    private void pages() {
        Router rest = Router.router(vertx);
        services.pages().ifPresent(pages -> {
            router.get()
                    .handler(new SignIn(
                            services.tokens(), services.tickets(), options.auth(), services.clock(), mountPath));
            pages.mount(router, path -> !rootPaths.at(path).isEmpty(), "", home);
            pages.mount(rest, path -> true, rootPaths.prefix(), "");
            router.get(rootPaths.prefix()).handler(pages::toFolder);
        });
        own.mountRest(rest, NOT_FOUND);
    }

    /**
     * Adds the routes that are tried after the origins. They handle unsupported methods, paths of watched kinds, and
     * the application page.
     */
    private void fallbacks() {
        own.mountOtherMethods(vertx);
        options.watched().stream()
                .flatMap(kind -> rootPaths.at(kind.path()).stream())
                .forEach(path -> router.route(path + "/*")
                        .handler(ctx -> ctx.fail(Problem.of(
                                        Code.NOT_FOUND,
                                        "the members of this list belong to a service that is not an origin for this path")
                                .toException())));
        services.pages().ifPresent(pages -> router.route().handler(ctx -> {
            HttpMethod method = ctx.request().method();
            boolean application = !ctx.request().path().startsWith(rootPaths.api() + '/');
            if (application && (method.equals(GET) || method.equals(HEAD)) && AcceptHeader.wantsHtml(ctx)) {
                pages.index(ctx, home);
            } else {
                ctx.next();
            }
        }));
    }

    private static void refuseKind(RoutingContext ctx) {
        throw Problem.of(Code.UNKNOWN_KIND, "the kind must be one of " + names())
                .toException();
    }

    private static String names() {
        List<String> names = Kind.withMembers().stream().map(Kind::plural).toList();
        int last = names.size() - 1;
        return String.join(", ", names.subList(0, last)) + " and " + names.get(last);
    }

    private CommandHandler serverState() {
        return new CommandHandler(vertx.eventBus(), Kind.OTHER, key -> ServerStateRules.TOPIC, Verb.PUT, "");
    }

    private Handler<RoutingContext> deployLog() {
        return shedding.stream(streams.untilLast(Kind.DEPLOYS, new LastEvent()));
    }

    private void read(String path, Handler<RoutingContext> handler) {
        Handler<RoutingContext> counted = ctx -> {
            services.watches().markRead();
            handler.handle(ctx);
        };
        own.guarded(VIEWER, path, counted, GET, HEAD);
    }

    /** Adds a stream. HEAD is not supported, because a stream without a body would never end. */
    private void stream(String path, Handler<RoutingContext> handler) {
        own.guarded(VIEWER, path, handler, GET);
    }

    /**
     * Adds a route with a body. The guard runs before the body is read, so that unauthorized bodies are not buffered.
     */
    private void write(HttpMethod method, String path, Handler<RoutingContext> handler) {
        own.add(path, method).forEach(route -> route.handler(guard.require(PUBLISHER)));
        own.add(path, method).forEach(route -> route.handler(shedding::body));
        own.add(path, method).forEach(route -> route.handler(body).handler(handler));
    }

    private boolean isForOrigin(RoutingContext ctx) {
        return proxy.covers(ctx.request().path()) && !own.includes(ctx.normalizedPath());
    }

    private boolean isOwn(Kind kind) {
        return !options.watched().contains(kind) && isOwn(kind.path());
    }

    private boolean isOwn(String name) {
        return proxy.originFor(rootPaths.moved(name))
                .filter(origin -> !origin.prefix().equals("/"))
                .isEmpty();
    }
}
