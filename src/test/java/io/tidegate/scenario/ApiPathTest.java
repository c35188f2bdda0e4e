package io.tidegate.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.adapter.watch.Watch;
import io.tidegate.edge.limit.LimitOptions;
import io.tidegate.edge.limit.Rate;
import io.tidegate.edge.limit.RequestLimits;
import io.tidegate.edge.limit.StreamLimits;
import io.tidegate.event.Kind;
import io.tidegate.fixture.EchoOrigin;
import io.tidegate.fixture.TestNode;
import io.tidegate.fixture.TestOrigin;
import io.tidegate.fixture.TestSettings;
import io.tidegate.fixture.TestStream;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests which paths belong to the gateway if its API path differs from the path of an application. */
@Timeout(120)
class ApiPathTest {

    private static final Rate FAST = new Rate(6_000_000, 100_000);
    private static final Rate ONE = new Rate(1, 1);

    private final Path folder;
    private EchoOrigin app;

    ApiPathTest(@TempDir Path folder) {
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

    private TestSettings withApp() {
        return TestSettings.in(folder).origins(TestOrigin.of("/", app.port())).paths("/", "/live");
    }

    @Test
    void anApplicationMayHaveStreamsAndEventsOfItsOwn() throws Exception {
        try (TestNode node = TestNode.start(withApp().build())) {
            assertOurs(
                    node,
                    "GET /live/events",
                    "POST /live/events",
                    "PUT /live/events",
                    "GET /live/sse/sessions",
                    "GET /live/sse/bogus",
                    "GET /live/sse/a/b",
                    "GET /_tidegate/api/events",
                    "GET /_tidegate/api/sse/sessions");
            assertApps(
                    node,
                    "GET /api/events",
                    "POST /api/events",
                    "GET /api/sse/sessions",
                    "GET /api/sessions",
                    "POST /api/ticket",
                    "GET /live",
                    "GET /live/",
                    "GET /live/sessions",
                    "POST /live/ticket",
                    "GET /live/api/events",
                    "GET /livex/events",
                    "GET /health");
        }
    }

    @Test
    void theKindsThatAreConfiguredMoveToo() throws Exception {
        try (TestNode node =
                TestNode.start(withApp().kinds(Kind.SESSIONS, Kind.DEPLOYS).build())) {
            assertOurs(
                    node,
                    "GET /live/sessions",
                    "PATCH /live/sessions/s1",
                    "GET /live/deploys/d1/logs",
                    "POST /start",
                    "GET /events/d1");
            assertApps(node, "GET /api/sessions", "POST /api/sessions", "GET /api/deploys", "GET /live/items");
            assertEquals("/live/sessions/s1", location(node.send("POST", "/live/sessions", "{\"id\":\"s1\"}")));
            assertEquals(
                    "/live/sessions/s2", location(node.send("POST", "/_tidegate/api/sessions", "{\"id\":\"s2\"}")));
        }
    }

    @Test
    void theListOfAWatchedKindIsAlsoWhereItsClientsPollIt() throws Exception {
        Watch watch = new Watch(Kind.SESSIONS, "/", "/api/sessions");
        try (TestNode node = TestNode.start(withApp().watches(watch).build())) {
            assertOurs(node, "GET /live/sessions", "GET /api/sessions", "GET /live/sse/sessions");
            assertApps(node, "POST /api/sessions", "DELETE /api/sessions/s1", "POST /live/sessions", "GET /api/items");
        }
    }

    @Test
    void withoutAnOriginTheWholeApiMoves() throws Exception {
        try (TestNode node =
                TestNode.start(TestSettings.in(folder).paths("/", "/live/").build())) {
            assertEquals(200, node.get("/live/sessions").statusCode());
            assertEquals(201, node.send("POST", "/live/ticket", "").statusCode());
            assertEquals(204, node.send("OPTIONS", "/live/sessions", "").statusCode());
            assertEquals(405, node.send("PUT", "/live/sessions", "").statusCode());
            assertEquals(404, node.get("/api/sessions").statusCode());
            assertEquals(404, node.get("/live/nothing", "Accept", "text/html").statusCode());
            assertEquals("/live/sessions/s1", location(node.send("POST", "/live/sessions", "{\"id\":\"s1\"}")));
            try (TestStream stream = node.stream("/live/sse/sessions?since=other-1")) {
                stream.awaitBody("\"snapshot\":\"/live/sessions\"");
            }
            for (String page : List.of("/", "/some/page")) {
                String body = node.get(page, "Accept", "text/html").body();
                assertTrue(body.contains("./_tidegate/assets/") || body.contains("./../_tidegate/assets/"), body);
            }
        }
    }

    @Test
    void theApiMayBeWithThePagesAlone() throws Exception {
        try (TestNode node = TestNode.start(
                withApp().kinds(Kind.ITEMS).paths("/", "/_tidegate/api").build())) {
            assertOurs(node, "GET /_tidegate/api/events", "GET /_tidegate/api/items", "GET /_tidegate/health");
            assertApps(node, "GET /api/events", "GET /api/sse/items", "GET /api/items");
            JsonObject page = new JsonObject(
                    node.get("/_tidegate/api/events?topics=items&since=other-1").body());
            assertEquals("/_tidegate/api/items", page.getString("snapshot"));
        }
    }

    @Test
    void anApiBelowThePathOfAnOriginIsItsOwn() throws Exception {
        try (TestNode node = TestNode.start(TestSettings.in(folder)
                .origins(TestOrigin.of("/live", app.port()), TestOrigin.of("/api", app.port()))
                .paths("/", "/live")
                .build())) {
            assertOurs(node, "GET /live/events", "GET /live/sse/sessions");
            assertApps(node, "GET /live/sessions", "GET /api/sessions", "GET /api/events");
        }
    }

    @Test
    void limitsAndExemptionsFollowThePath() throws Exception {
        RequestLimits requests = new RequestLimits(ONE, FAST, FAST, List.of(), RequestLimits.DEFAULTS.exempt(), 100);
        LimitOptions limits = new LimitOptions(requests, new StreamLimits(2, 2, 2, FAST));
        try (TestNode node = TestNode.start(withApp()
                        .kinds(Kind.SESSIONS)
                        .limits(limits)
                        .paths("/mount", "/live")
                        .build());
                TestStream first = node.stream("/live/sse/sessions");
                TestStream second = node.stream("/live/events", "Accept: text/event-stream")) {
            assertEquals(200, first.status());
            second.awaitBody("id: ");
            String page = node.viewer().substring("Authorization: ".length());
            assertEquals(200, node.get("/live/sessions", "Authorization", page).statusCode());
            assertEquals(429, node.get("/live/sessions", "Authorization", page).statusCode());
            assertEquals(429, node.get("/live/events", "Authorization", page).statusCode());
            AppPaths.assertPoll(node, "/mount/live/sessions", "/live/sse/sessions");
            AppPaths.assertPoll(node, "/mount/live/events", "/live/events");
            AppPaths.assertPoll(node, "/mount/_tidegate/api/items", "/live/sse/items");
        }
    }

    private static void assertOurs(TestNode node, String... requests) throws Exception {
        for (String request : requests) {
            HttpResponse<String> answer = AppPaths.answer(node, request);
            assertFalse(answer.body().startsWith("app "), request);
            assertTrue(answer.statusCode() != 404 || request.contains("/sse/"), request);
        }
    }

    private static void assertApps(TestNode node, String... requests) throws Exception {
        AppPaths.assertApps(node, List.of(requests));
    }

    private static String location(HttpResponse<String> response) {
        return response.headers().firstValue("Location").orElse("");
    }
}
