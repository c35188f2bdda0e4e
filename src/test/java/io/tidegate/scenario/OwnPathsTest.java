package io.tidegate.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.adapter.watch.Watch;
import io.tidegate.edge.limit.LimitOptions;
import io.tidegate.edge.limit.Rate;
import io.tidegate.edge.limit.StreamLimits;
import io.tidegate.event.Kind;
import io.tidegate.fixture.EchoOrigin;
import io.tidegate.fixture.TestNode;
import io.tidegate.fixture.TestOrigin;
import io.tidegate.fixture.TestSettings;
import io.tidegate.fixture.TestStream;
import io.tidegate.ops.ui.UiOptions;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests which paths belong to the gateway, and which to the origin that serves everything else. */
@Timeout(120)
class OwnPathsTest {

    /**
     * The requests that the gateway serves itself if it has sessions, instead of forwarding them to the origin with the
     * prefix {@code /}.
     */
    private static final List<String> SESSIONS =
            List.of("GET /api/sessions", "POST /api/sessions", "PATCH /api/sessions/s1", "DELETE /api/sessions/s1");

    private static final List<String> DEPLOYS = List.of(
            "GET /api/deploys",
            "POST /api/deploys",
            "GET /api/deploys/d1/logs",
            "POST /start",
            "GET /events/d1",
            "GET /deployment/d1");

    private static final List<String> OTHERS = List.of(
            "GET /",
            "GET /lab",
            "GET /client.js",
            "GET /favicon.ico",
            "GET /assets/app.js",
            "GET /health",
            "GET /ready",
            "POST /api/ticket",
            "POST /api/sign-out",
            "GET /api/streams",
            "DELETE /api/streams",
            "GET /api/instances",
            "PUT /api/instances/i1",
            "GET /api/items",
            "PUT /api/server/state");

    private static final List<String> ALWAYS_OURS = List.of(
            "GET /api/events",
            "POST /api/events",
            "PUT /api/events",
            "GET /api/sse/sessions",
            "POST /api/sse/sessions",
            "GET /api/sse/bogus",
            "GET /api/sse/a/b",
            "GET /_tidegate",
            "GET /_tidegate/",
            "GET /_tidegate/health",
            "GET /_tidegate/nothing/here",
            "POST /_tidegate/api/sessions",
            "PUT /_tidegate/health");

    private static final List<String> NEVER_OURS = List.of(
            "GET /healthy",
            "GET /x/health",
            "GET /api",
            "GET /api/",
            "GET /api/cart/events",
            "GET /api/events/subscribe",
            "GET /api/sessionsx",
            "GET /_tidegatex",
            "GET /x/_tidegate/");

    private final Path folder;
    private EchoOrigin app;

    OwnPathsTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @BeforeEach
    void start() throws Exception {
        app = new EchoOrigin("app");
    }

    @AfterEach
    void stop() throws Exception {
        app.close();
    }

    private TestSettings everythingIsItsOwn() {
        return TestSettings.in(folder).origins(TestOrigin.of("/", app.port()));
    }

    @Test
    void anOriginOfEverythingKeepsItsPathsIfNothingElseIsConfigured() throws Exception {
        try (TestNode node = TestNode.start(everythingIsItsOwn().build())) {
            assertOurs(node, ALWAYS_OURS);
            assertApps(node, NEVER_OURS, OTHERS, SESSIONS, DEPLOYS);
        }
    }

    @Test
    void aKindThatIsConfiguredTakesItsPaths() throws Exception {
        try (TestNode node = TestNode.start(
                everythingIsItsOwn().kinds(Kind.SESSIONS, Kind.DEPLOYS).build())) {
            assertOurs(node, ALWAYS_OURS, SESSIONS, DEPLOYS);
            assertApps(node, NEVER_OURS, OTHERS);
        }
    }

    @Test
    void aKindThatIsWatchedTakesItsListOnly() throws Exception {
        Watch watch = new Watch(Kind.SESSIONS, "/", "/api/sessions");
        try (TestNode node = TestNode.start(everythingIsItsOwn().watches(watch).build())) {
            assertOurs(node, ALWAYS_OURS, SESSIONS.subList(0, 1));
            assertApps(node, NEVER_OURS, OTHERS, DEPLOYS, SESSIONS.subList(1, 4));
        }
    }

    @Test
    void withoutAnOriginOfEverythingAllPathsAreOurs() throws Exception {
        try (TestNode node = TestNode.start(TestSettings.in(folder)
                .origins(TestOrigin.of("/shop", app.port()))
                .build())) {
            assertOurs(node, ALWAYS_OURS, OTHERS, SESSIONS, DEPLOYS, NEVER_OURS);
        }
    }

    @SafeVarargs
    private static void assertOurs(TestNode node, List<String>... requests) throws Exception {
        for (List<String> some : requests) {
            for (String request : some) {
                assertFalse(AppPaths.answer(node, request).body().startsWith("app "), request);
            }
        }
    }

    @SafeVarargs
    private static void assertApps(TestNode node, List<String>... requests) throws Exception {
        for (List<String> some : requests) {
            AppPaths.assertApps(node, some);
        }
    }

    @Test
    void everythingWorksBelowThePathOfThePages() throws Exception {
        try (TestNode node = TestNode.start(
                everythingIsItsOwn().ui(new UiOptions(true, "/ops/live/")).build())) {
            assertEquals(308, node.get("/ops/live").statusCode());
            assertEquals("./live/", header(node.get("/ops/live"), "Location"));
            for (String page : List.of("", "lab", "deployment/d1", "client.js", "health", "ready", "api/sessions")) {
                assertEquals(200, node.get("/ops/live/" + page).statusCode(), page);
            }
            assertTrue(node.get("/ops/live/").body().contains("src=\"./assets/"));
            assertTrue(node.get("/ops/live/deployment/d1").body().contains("src=\"./../assets/"));
            assertEquals(201, node.send("POST", "/ops/live/api/ticket", "").statusCode());
            assertEquals(
                    201,
                    node.send("POST", "/ops/live/api/sessions", "{\"id\":\"s1\"}")
                            .statusCode());
            try (TestStream stream = node.stream("/ops/live/api/sse/sessions")) {
                assertEquals(200, stream.status());
            }
            HttpResponse<String> missing = node.get("/ops/live/nothing", "Accept", "text/html");
            assertEquals(404, missing.statusCode());
            assertEquals("not-found", new JsonObject(missing.body()).getString("code"));
            assertEquals(405, node.send("PUT", "/ops/live/health", "").statusCode());
            assertTrue(node.get("/_tidegate/health").body().startsWith("app "));
        }
    }

    @Test
    void aTicketSignsInToThePages() throws Exception {
        try (TestNode node = TestNode.start(everythingIsItsOwn().build())) {
            String ticket = node.gateway().ticket();
            HttpResponse<String> signedIn =
                    node.send(node.request("/_tidegate/?ticket=" + ticket).header("Accept", "text/html"));
            assertEquals(303, signedIn.statusCode());
            assertEquals("/_tidegate/", header(signedIn, "Location"));
            assertTrue(header(signedIn, "Set-Cookie").startsWith("tidegate="));
        }
    }

    @Test
    void thePageOfADeployFindsItsFilesWhereTheyAre() throws Exception {
        try (TestNode node =
                TestNode.start(everythingIsItsOwn().kinds(Kind.DEPLOYS).build())) {
            assertTrue(node.get("/deployment/d1").body().contains("src=\"./../_tidegate/assets/"));
            assertTrue(header(node.send("POST", "/start", ""), "Location").startsWith("/deployment/"));
            assertTrue(header(node.send("POST", "/_tidegate/start", ""), "Location")
                    .startsWith("/_tidegate/deployment/"));
        }
    }

    @Test
    void aRefusalNamesAPageThatItsReaderCanReach() throws Exception {
        Rate fast = new Rate(6_000_000, 100_000);
        LimitOptions one = new LimitOptions(LimitOptions.DEFAULTS.requests(), new StreamLimits(1, 1, 1, fast));
        TestSettings settings = everythingIsItsOwn().kinds(Kind.ITEMS).limits(one);
        try (TestNode node = TestNode.start(settings.build());
                TestStream first = node.stream("/api/events")) {
            first.awaitBody("id: ");
            AppPaths.assertPoll(node, "/_tidegate/api/sessions", "/api/sse/sessions");
            AppPaths.assertPoll(node, "/_tidegate/api/sessions", "/_tidegate/api/sse/sessions");
            AppPaths.assertPoll(node, "/api/items", "/api/sse/items");
            AppPaths.assertPoll(node, "/api/events", "/api/events");
        }
    }

    private static String header(HttpResponse<String> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }
}
