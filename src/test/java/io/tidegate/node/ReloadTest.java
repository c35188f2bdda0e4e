package io.tidegate.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.tidegate.delivery.poll.PollOptions;
import io.tidegate.delivery.sse.StreamOptions;
import io.tidegate.delivery.sse.StreamOptions.HeartbeatForm;
import io.tidegate.fixture.ChildNode;
import io.tidegate.fixture.Needs;
import io.tidegate.fixture.TestNode;
import io.tidegate.fixture.TestSettings;
import io.tidegate.fixture.TestStream;
import io.tidegate.http.HttpOptions;
import io.tidegate.kind.deploy.DeployOptions;
import io.tidegate.kind.deploy.Recipe;
import io.tidegate.proxy.origin.Origin;
import io.vertx.core.json.JsonObject;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests reloading the configuration of a running node, both in this process and in a child process. */
@Timeout(120)
class ReloadTest {

    private static final Recipe TRUE = new Recipe(List.of("true"), Duration.ofSeconds(10));

    private final Path folder;
    private Settings before;
    private TestNode node;

    ReloadTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @BeforeEach
    void start() throws Exception {
        before = TestSettings.in(folder.resolve("node"))
                .streams(streams -> streams(streams, Duration.ofHours(1), HeartbeatForm.ID))
                .build();
        node = TestNode.start(before);
    }

    @AfterEach
    void stop() {
        node.close();
    }

    @Test
    void anOpenStreamGoesOnWithTheNewHeartbeat() throws Exception {
        try (TestStream stream = node.stream("/api/events")) {
            node.publish("news/a", "first", "1");
            assertEquals("first", stream.next().type());
            Reload reload = reload(with(
                    before,
                    streams(before.streams(), Duration.ofMillis(150), HeartbeatForm.EVENT),
                    before.poll(),
                    before.deploys(),
                    List.of()));
            assertEquals(List.of("streams.heartbeat", "streams.heartbeat-form"), reload.applied());
            assertEquals(List.of(), reload.needsRestart());
            assertEquals("heartbeat", stream.next().type());
            assertEquals("heartbeat", stream.next().type());
        }
    }

    @Test
    void theNextPageHasTheNewLength() throws Exception {
        node.publish("news/a", "first", "1");
        node.publish("news/a", "second", "2");
        assertEquals(2, events().size());
        reload(with(
                before, before.streams(), new PollOptions(1, 1, Duration.ofSeconds(1)), before.deploys(), List.of()));
        assertEquals(1, events().size());
    }

    @Test
    void anOriginTakesItsPathsOverAndGivesThemBack() throws Exception {
        HttpServer origin = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        origin.createContext("/", exchange -> {
            byte[] body = "from the origin".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        origin.start();
        try {
            assertEquals(404, node.get("/shop/cart").statusCode());
            URI url = URI.create("http://127.0.0.1:" + origin.getAddress().getPort());
            List<Origin> origins = List.of(new Origin("/shop", url), new Origin("/api/items", url));
            reload(with(before, before.streams(), before.poll(), before.deploys(), origins));
            assertEquals("from the origin", node.get("/shop/cart").body());
            assertEquals("from the origin", node.get("/api/items").body());
            reload(before);
            assertEquals(404, node.get("/shop/cart").statusCode());
            assertTrue(node.get("/api/items").body().startsWith("{"));
        } finally {
            origin.stop(0);
        }
    }

    @Test
    void aRecipeThatIsNewCanBeDeployedAndOneThatIsGoneCannot() throws Exception {
        assertEquals(422, deploy("new").statusCode());
        DeployOptions deploys = new DeployOptions(Map.of("new", TRUE), "new", 2, "deploys");
        Reload reload = reload(with(before, before.streams(), before.poll(), deploys, List.of()));
        assertEquals(
                List.of("deploys.recipes.demo", "deploys.recipes.new", "deploys.default-recipe", "deploys.max-runs"),
                reload.applied());
        assertEquals(201, deploy("new").statusCode());
        assertEquals(422, deploy("demo").statusCode());
        assertEquals(303, node.send("POST", "/start", "").statusCode());
    }

    @Test
    void theBoundOfBodiesChangesWithTheHttpOptionsWhileThePortWaits() throws Exception {
        Settings next = TestSettings.of(before)
                .http(new HttpOptions("127.0.0.1", 1, 2, 100, before.http().trustedProxies()))
                .build();
        Reload first = reload(next);
        assertEquals(List.of("http.max-body"), first.applied());
        assertEquals(List.of("http.port"), first.needsRestart());
        String body = "{\"topic\":\"a\",\"type\":\"b\",\"data\":\"" + "x".repeat(100) + "\"}";
        assertEquals(413, node.send("POST", "/api/events", body).statusCode());
        Reload again = reload(next);
        assertEquals(new Reload(List.of(), List.of("http.port")), again);
    }

    @Test
    @Needs("kill")
    void aProcessReadsItsFileAgainOnSighupAndKeepsTheOldValuesWhenItIsWrong() throws Exception {
        Path file = folder.resolve("conf/tidegate.yaml");
        Files.createDirectories(folder.resolve("conf"));
        Files.writeString(file, "poll: {limit: 2}\n");
        try (ChildNode child = ChildNode.start(folder, ":", List.of())) {
            Files.writeString(file, "poll: {limit: 0}\nstreams: {retri: 1s}\n");
            child.signal("HUP");
            assertTrue(child.awaitLog("event=config-problem").contains("streams.retri: is not a known key"));
            assertTrue(child.awaitLog("event=config-problem").contains("poll.limit: must be greater than 0"));
            assertTrue(child.awaitLog("event=config-refused").contains("problems=2"));

            Files.writeString(file, "poll: {limit: 3}\nhttp: {host: 127.0.0.2}\n");
            child.signal("HUP");
            assertTrue(child.awaitLog("event=config-reloaded").endsWith("applied=poll.limit"));
            assertTrue(child.awaitLog("event=config-waits").endsWith("needs-restart=http.host"));
            child.signal("TERM");
            assertEquals(0, child.awaitExit());
        }
    }

    private Reload reload(Settings next) throws Exception {
        return node.gateway().reload(next).await(20, TimeUnit.SECONDS);
    }

    private List<?> events() throws Exception {
        return new JsonObject(node.get("/api/events").body())
                .getJsonArray("events")
                .getList();
    }

    private HttpResponse<String> deploy(String recipe) throws Exception {
        return node.send("POST", "/api/deploys", "{\"recipe\":\"" + recipe + "\"}");
    }

    private static StreamOptions streams(StreamOptions given, Duration heartbeat, HeartbeatForm form) {
        return new StreamOptions(
                heartbeat,
                form,
                given.retry(),
                given.sendBuffer(),
                given.maxLag(),
                given.maxLagBytes(),
                given.drainWindow());
    }

    private static Settings with(
            Settings base, StreamOptions streams, PollOptions poll, DeployOptions deploys, List<Origin> origins) {
        return TestSettings.of(base)
                .streams(standard -> streams)
                .poll(poll)
                .deploys(deploys)
                .origins(origins)
                .build();
    }
}
