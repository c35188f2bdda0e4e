package io.tidegate.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidegate.access.Role;
import io.tidegate.adapter.grip.GripOptions;
import io.tidegate.adapter.grip.HeldClientCount;
import io.tidegate.adapter.watch.Watches;
import io.tidegate.auth.Tickets;
import io.tidegate.auth.token.AnonymousOptions;
import io.tidegate.auth.token.AuthOptions;
import io.tidegate.auth.token.KeyOptions;
import io.tidegate.auth.token.TestIssuer;
import io.tidegate.auth.token.Tokens;
import io.tidegate.delivery.hub.Hub;
import io.tidegate.delivery.hub.HubListener;
import io.tidegate.delivery.poll.PollOptions;
import io.tidegate.delivery.sse.OpenStreamCount;
import io.tidegate.delivery.sse.StreamOptions;
import io.tidegate.delivery.sse.Streams;
import io.tidegate.edge.client.TrustedProxies;
import io.tidegate.edge.limit.LimitOptions;
import io.tidegate.edge.limit.Limits;
import io.tidegate.edge.netty.Internals;
import io.tidegate.edge.overload.Headroom;
import io.tidegate.edge.overload.OutgoingMemory;
import io.tidegate.edge.overload.OverloadOptions;
import io.tidegate.event.TopicPattern;
import io.tidegate.event.loop.EventLoop;
import io.tidegate.fixture.RawClient;
import io.tidegate.fixture.RawClient.Answer;
import io.tidegate.fixture.TestNode;
import io.tidegate.fixture.TestSettings;
import io.tidegate.journal.Journal;
import io.tidegate.journal.memory.MemoryJournal;
import io.tidegate.ops.Readiness;
import io.tidegate.ops.ui.Pages;
import io.tidegate.ops.ui.UiOptions;
import io.tidegate.proxy.OriginProxy;
import io.tidegate.proxy.ResponseInterceptor;
import io.tidegate.proxy.origin.Origins;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Route;
import io.vertx.junit5.VertxExtension;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests every route of the router with every kind of caller. */
@SuppressWarnings("NullAway.Init") // the fields are set before all tests
@ExtendWith(VertxExtension.class)
class RoutesTest {

    private static final String VIEWER = "viewer";
    private static final String PUBLISHER = "publisher";
    private static final String ADMIN = "admin";

    /**
     * A route, the role that it requires, a request to it, and the status for a caller with that role. The rows are in
     * the order of a member's lifecycle.
     */
    private record Row(String route, String role, String target, String body, int status) {

        Row(String route, String role, int status) {
            this(route, role, route.substring(route.indexOf(' ') + 1), "", status);
        }

        String method() {
            return route.substring(0, route.indexOf(' '));
        }
    }

    private static final List<Row> TABLE = List.of(
            new Row("GET /api/events", VIEWER, 200),
            new Row("HEAD /api/events", VIEWER, 200),
            new Row("POST /api/events", PUBLISHER, "/api/events", "{\"topic\":\"a\",\"type\":\"t\",\"data\":1}", 200),
            new Row("GET /api/sse/sessions", VIEWER, 200),
            new Row("GET /api/sse/deploys", VIEWER, 200),
            new Row("GET /api/sse/instances", VIEWER, 200),
            new Row("GET /api/sse/items", VIEWER, 200),
            new Row("GET /api/sse/:kind", VIEWER, "/api/sse/bogus", "", 404),
            new Row("GET /api/sessions", VIEWER, 200),
            new Row("HEAD /api/sessions", VIEWER, 200),
            new Row("POST /api/sessions", PUBLISHER, "/api/sessions", "{\"id\":\"{n}\"}", 201),
            new Row("PATCH /api/sessions/:id", PUBLISHER, "/api/sessions/{n}", "{\"a\":1}", 200),
            new Row("DELETE /api/sessions/:id", PUBLISHER, "/api/sessions/{n}", "", 200),
            new Row("GET /api/instances", VIEWER, 200),
            new Row("HEAD /api/instances", VIEWER, 200),
            new Row("PUT /api/instances/:id", PUBLISHER, "/api/instances/{n}", "{\"a\":1}", 201),
            new Row("DELETE /api/instances/:id", PUBLISHER, "/api/instances/{n}", "", 200),
            new Row("GET /api/items", VIEWER, 200),
            new Row("HEAD /api/items", VIEWER, 200),
            new Row("POST /api/items/:part", PUBLISHER, "/api/items/{n}", "{\"name\":\"bolt\"}", 201),
            new Row("PATCH /api/items/:part", PUBLISHER, "/api/items/{n}", "{\"name\":\"nut\"}", 200),
            new Row("POST /api/items/:part/revisions", PUBLISHER, "/api/items/{n}/revisions", "{\"rev\":\"B\"}", 200),
            new Row("DELETE /api/items/:part", PUBLISHER, "/api/items/{n}", "", 200),
            new Row("GET /api/deploys", VIEWER, 200),
            new Row("HEAD /api/deploys", VIEWER, 200),
            new Row("POST /api/deploys", PUBLISHER, "/api/deploys", "{\"id\":\"{n}\"}", 201),
            new Row("GET /api/deploys/:id/logs", VIEWER, "/api/deploys/seen/logs", "", 200),
            new Row("HEAD /api/deploys/:id/logs", VIEWER, "/api/deploys/seen/logs", "", 200),
            new Row("GET /events/:id", VIEWER, "/events/seen", "", 200),
            new Row("POST /api/deploys/:id/logs", PUBLISHER, "/api/deploys/{n}/logs", "{\"line\":\"one\"}", 200),
            new Row("PATCH /api/deploys/:id", PUBLISHER, "/api/deploys/{n}", "{\"status\":\"running\"}", 200),
            new Row("DELETE /api/deploys/:id", PUBLISHER, "/api/deploys/{n}", "", 200),
            new Row("PUT /api/server/state", PUBLISHER, "/api/server/state", "{\"mode\":\"{n}\"}", 200),
            new Row("POST /start", PUBLISHER, 303),
            new Row("GET /api/streams", ADMIN, 200),
            new Row("DELETE /api/streams", ADMIN, "/api/streams?subject={n}", "", 200),
            new Row("POST /api/ticket", VIEWER, 201));

    private static final NodeServices.Loops NO_STREAMS = new NodeServices.Loops() {
        @Override
        public <T> Future<List<T>> query(Function<OpenStreams, T> question) {
            return Future.succeededFuture(List.of());
        }
    };

    /** The paths that need no token because their content is the same for every caller. */
    private static final Set<String> OPEN = Set.of(
            "/health",
            "/ready",
            "/",
            "/lab",
            "/deployment/:id",
            "/client.js",
            "/favicon.ico",
            "/assets/",
            "/api/sign-out",
            "/_tidegate");

    /**
     * The number of routes without a path: failures, the request target, the rate limit, the sign-in, the origins, and
     * the application page.
     */
    private static final int WITHOUT_A_PATH = 6;

    @TempDir
    private static Path data;

    private static TestNode node;

    @BeforeAll
    static void start() throws Exception {
        node = TestNode.start(data);
        assertEquals(201, node.send("POST", "/api/deploys", "{\"id\":\"seen\"}").statusCode());
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @Test
    void theTableHoldsEveryRoute(Vertx vertx, @TempDir Path elsewhere) throws Exception {
        Routes routes = routes(vertx, elsewhere);
        List<Route> root = routes.router().getRoutes();
        Set<String> guarded = Stream.concat(
                        root.stream().flatMap(RoutesTest::names),
                        routes.ownPaths().entrySet().stream()
                                .flatMap(path -> path.getValue().stream().map(method -> method + " " + path.getKey())))
                .filter(name -> !OPEN.contains(name.substring(name.indexOf(' ') + 1)))
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(TABLE.stream().map(Row::route).collect(Collectors.toCollection(TreeSet::new)), guarded);
        assertEquals(
                WITHOUT_A_PATH,
                root.stream().filter(route -> route.getPath() == null).count());
    }

    /** Returns the names of a route; routes for all methods have none, because they only refuse requests. */
    private static Stream<String> names(Route route) {
        return route.methods() == null || route.getPath() == null
                ? Stream.empty()
                : route.methods().stream().map(method -> method + " " + route.getPath());
    }

    @ParameterizedTest
    @CsvSource({
        "none, 401, 401, 401",
        "expired, 401, 401, 401",
        "foreign, 401, 401, 401",
        "viewer, 0, 403, 403",
        "publisher, 0, 0, 403",
        "admin, 0, 0, 0"
    })
    void everyCallerIsLetInWhereTheTableSays(String caller, int viewing, int publishing, int ruling) throws Exception {
        Map<String, Integer> refusals = Map.of(VIEWER, viewing, PUBLISHER, publishing, ADMIN, ruling);
        for (Row row : TABLE) {
            int refused = refusals.getOrDefault(row.role(), -1);
            assertEquals(refused == 0 ? row.status() : refused, status(row, caller), caller + ": " + row.route());
        }
    }

    @Test
    void whoMayReadWithoutATokenMayDoNothingElse(@TempDir Path elsewhere) throws Exception {
        TestNode closed = node;
        AuthOptions anonymous = TestIssuer.options(new AnonymousOptions(List.of("**")), KeyOptions.DEFAULTS);
        try (TestNode open =
                TestNode.start(TestSettings.in(elsewhere).auth(anonymous).build())) {
            node = open;
            assertEquals(
                    201, open.send("POST", "/api/deploys", "{\"id\":\"seen\"}").statusCode());
            for (Row row : TABLE) {
                boolean reads = row.role().equals(VIEWER) && !row.method().equals("POST");
                assertEquals(reads ? row.status() : 401, status(row, "none"), row.route());
            }
        } finally {
            node = closed;
        }
    }

    @Test
    void whatIsOpenNeedsNoToken() throws Exception {
        assertEquals(204, status("POST", "/api/sign-out", "", ""));
        for (String path : List.of("/health", "/ready", "/", "/lab", "/deployment/1", "/client.js", "/favicon.ico")) {
            try (RawClient client = new RawClient(node.port())) {
                assertEquals(
                        200,
                        client.send("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
                                .head()
                                .status(),
                        path);
            }
        }
    }

    @Test
    void aGrantForOneDeployIsEnoughForItAndNoOther() throws Exception {
        Tokens tokens = Tokens.open(data, AuthOptions.DEFAULTS, Clock.systemUTC());
        List<TopicPattern> one = List.of(new TopicPattern("deploys/granted"));
        String token = tokens.mint("ci", Role.PUBLISHER, one, Duration.ofMinutes(5));
        node.send("POST", "/api/deploys", "{\"id\":\"granted\"}");
        node.send("POST", "/api/deploys", "{\"id\":\"other\"}");
        for (String id : List.of("granted", "other")) {
            int expected = id.equals("granted") ? 200 : 403;
            String path = "/api/deploys/" + id;
            assertEquals(expected, status("POST", path + "/logs", "{\"line\":\"one\"}", token));
            assertEquals(expected, status("PATCH", path, "{\"status\":\"running\"}", token));
            assertEquals(expected, status("DELETE", path, "", token));
        }
        assertEquals(403, status("POST", "/api/deploys", "{}", token));
        assertEquals(403, status("POST", "/api/sessions", "{}", token));
    }

    private static int status(Row row, String caller) throws Exception {
        return status(
                row.method(), row.target().replace("{n}", caller), row.body().replace("{n}", caller), token(caller));
    }

    private static int status(String method, String target, String body, String token) throws Exception {
        try (RawClient client = new RawClient(node.port())) {
            Answer answer = client.send(method + " " + target + " HTTP/1.1\r\nHost: localhost\r\n"
                            + (token.isEmpty() ? "" : "Authorization: Bearer " + token + "\r\n")
                            + (body.isEmpty() ? "" : "Content-Type: application/json\r\n")
                            + "Content-Length: " + body.length() + "\r\n\r\n" + body)
                    .head();
            return answer.status();
        }
    }

    private static String token(String caller) {
        Clock now = Clock.systemUTC();
        return switch (caller) {
            case "none" -> "";
            case "expired" -> mint(data, Role.ADMIN, Clock.offset(now, Duration.ofHours(-2)));
            case "foreign" -> mint(data.resolve("elsewhere"), Role.ADMIN, now);
            default -> mint(data, Role.named(caller).orElseThrow(), now);
        };
    }

    private static String mint(Path key, Role role, Clock clock) {
        return Tokens.open(key, AuthOptions.DEFAULTS, clock)
                .mint("test", role, List.of(TopicPattern.ALL), Duration.ofHours(1));
    }

    private static Routes routes(Vertx vertx, Path folder) throws Exception {
        Clock clock = Clock.systemUTC();
        Journal journal = new MemoryJournal(clock, Map.of());
        Hub hub = new Hub(Runnable::run, HubListener.NONE, journal.head());
        MeterRegistry registry = new SimpleMeterRegistry();
        ClientMetrics metrics = ClientMetrics.register(registry, new OpenStreamCount(), new HeldClientCount());
        Streams streams = new Streams(
                EventLoop.current(vertx),
                hub,
                journal,
                clock,
                StreamOptions.DEFAULTS,
                metrics.streams(),
                Internals.UNUSED,
                OutgoingMemory.unlimited());
        NodeServices shared = new NodeServices(
                journal,
                clock,
                Tokens.open(folder, AuthOptions.DEFAULTS, clock),
                new Tickets(AuthOptions.DEFAULTS, clock),
                new Readiness(vertx, clock, () -> 0),
                new Headroom(OverloadOptions.DEFAULTS, registry, 1 << 28),
                new Origins(List.of(), registry, 100),
                Limits.of(LimitOptions.DEFAULTS, registry),
                GripOptions.DEFAULTS,
                Optional.of(Pages.load()),
                Internals.UNUSED,
                NO_STREAMS,
                new Watches(vertx, journal, clock, kind -> 1, kind -> false, registry),
                metrics);
        NodeServices.Options options = new NodeServices.Options(
                HttpOptions.DEFAULTS,
                AuthOptions.DEFAULTS,
                StreamOptions.DEFAULTS,
                PollOptions.DEFAULTS,
                UiOptions.DEFAULTS,
                Set.of(),
                Set.of(),
                List.of(),
                "demo");
        OriginProxy proxy =
                new OriginProxy(vertx, Internals.USED, shared.origins(), TrustedProxies.NONE, ResponseInterceptor.NONE);
        return new Routes(
                vertx, shared, options, hub, streams, proxy, new RequestSanity(options.http(), proxy::admitsPage));
    }
}
