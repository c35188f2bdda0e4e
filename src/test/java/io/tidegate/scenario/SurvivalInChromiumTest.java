package io.tidegate.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.Cookie;
import io.tidegate.fixture.ChildNode;
import io.tidegate.fixture.Chromium;
import io.tidegate.fixture.Needs;
import io.tidegate.fixture.TestNginx;
import io.tidegate.fixture.TestTerminal;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests the browser's own EventSource, without the gateway's client, across restarts of every process that it depends
 * on, while events are published continuously. Afterwards the EventSource must be open, and must have seen each
 * acknowledged event once and in order.
 */
@Needs({"chromium", "nginx"})
@Timeout(240)
@SuppressWarnings("NullAway.Init") // the fields are set before each test
class SurvivalInChromiumTest {

    private static final int STREAMS = 3;
    /** The number of events to wait for before and after a restart. */
    private static final int SOME = 50;

    private static final String OPEN =
            """
            paths => {
              window.streams = paths.map(path => {
                const source = new EventSource(path);
                const stream = { source, ticks: [], resumed: [], sessions: [], opened: 0 };
                source.onopen = () => stream.opened++;
                source.addEventListener('tick', ({ data }) => stream.ticks.push(JSON.parse(data)));
                source.addEventListener('gateway.resume', ({ data }) => stream.resumed.push(JSON.parse(data).status));
                source.onmessage = ({ data }) => stream.sessions.push(JSON.parse(data));
                return stream;
              });
            }
            """;

    @TempDir
    private Path folder;

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final int port = TestNginx.freePort();
    private TestTerminal service;
    private ChildNode gateway;
    private TestNginx nginx;
    private Page page;
    private SteadyPublisher publisher;

    SurvivalInChromiumTest() throws Exception {}

    @BeforeEach
    void start() throws Exception {
        service = startService(0);
        Files.writeString(
                Files.createDirectories(folder.resolve("conf")).resolve("tidegate.yaml"),
                """
                origins:
                  - {prefix: /, url: "http://127.0.0.1:%d"}
                watches:
                  - {kind: sessions, origin: /, path: /api/sessions, every: 100ms, list: $.sessions}
                """
                        .formatted(service.port()));
        gateway = startGateway();
        nginx = opened(TestNginx.inFrontOf(port, folder));
        Chromium chromium = opened(new Chromium());
        page = chromium.page(800, 600);
        String token = gateway.viewer().substring("Authorization: Bearer ".length());
        page.context().addCookies(List.of(new Cookie("tidegate", token).setUrl(url("/"))));
        page.navigate(url("/health"));
        page.evaluate(OPEN, List.of("/api/events?topics=steady", "/api/events?topics=**", "/api/sse/sessions"));
        await(() -> count("stream.opened > 0") == STREAMS, "the streams did not open");
        publisher = opened(new SteadyPublisher(nginx.port(), gateway.publisher()));
        awaitEvents();
    }

    @AfterEach
    void stop() throws Exception {
        while (!opened.isEmpty()) {
            opened.pop().close();
        }
    }

    private TestTerminal startService(int port) throws Exception {
        return opened(TestTerminal.start(folder, "--port", Integer.toString(port), "--requests-per-minute", "1000000"));
    }

    private ChildNode startGateway() throws Exception {
        return opened(ChildNode.start(
                folder,
                ":",
                List.of("-Xmx192m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
                "--port",
                Integer.toString(port)));
    }

    private <T extends AutoCloseable> T opened(T resource) {
        opened.push(resource);
        return resource;
    }

    @Test
    void nginxReadsItsConfigurationAgain() throws Exception {
        nginx.reload();
        awaitReturn();
        assertNothingIsLost();
    }

    @Test
    void theGatewayIsStoppedAndStartedAgain() throws Exception {
        gateway.signal("TERM");
        assertEquals(0, gateway.awaitExit());
        awaitNginxAlone();
        gateway = startGateway();
        awaitReturn();
        assertTrue(publisher.repeated() > 0, "the restart was not noticed");
        assertNothingIsLost();
    }

    @Test
    void theGatewayIsKilledAndStartedAgain() throws Exception {
        gateway.signal("KILL");
        gateway.awaitExit();
        awaitNginxAlone();
        gateway = startGateway();
        awaitReturn();
        assertTrue(publisher.repeated() > 0, "the restart was not noticed");
        assertNothingIsLost();
    }

    /**
     * While the service is down, the state of its sessions is unknown. When it is back, its list shows that they ended.
     */
    @Test
    void theServiceIsStoppedAndStartedAgain() throws Exception {
        for (int n = 0; n < 2; n++) {
            assertEquals(201, send("POST", "/api/sessions", "{}"));
        }
        await(() -> received("session_created").size() == 2, "the created sessions were not received");
        service.process().destroyForcibly().waitFor();
        await(() -> get("/api/sessions").getBoolean("stale"), "no poll failed");
        awaitEvents();
        assertEquals(List.of(), received("session_terminated"));
        assertEquals(2, listed());
        service = startService(service.port());
        await(() -> received("session_terminated").size() == 2, "the ended sessions were not received");
        assertEquals(201, send("POST", "/api/sessions", "{}"));
        await(() -> received("session_created").size() == 3, "the session created after the restart was not received");
        assertEquals(3, received("session_created").stream().distinct().count());
        assertEquals(2, received("session_terminated").stream().distinct().count());
        assertEquals(STREAMS, count("stream.opened === 1"), "a stream was interrupted");
        assertNothingIsLost();
    }

    /**
     * Waits until nginx has responded to each stream in place of the gateway, so that the stream retries instead of
     * giving up.
     */
    private void awaitNginxAlone() throws Exception {
        await(() -> count("stream.opened > 1") == STREAMS, "a stream gave up");
    }

    /** Waits until each stream has reconnected by itself and received further events. */
    private void awaitReturn() throws Exception {
        // The response of nginx while the gateway is down also opens a stream, but does not resume it.
        await(() -> count("stream.resumed.length > 0") == STREAMS, "the streams did not resume");
        awaitEvents();
    }

    private void awaitEvents() throws Exception {
        int seen = publisher.acknowledged() + SOME;
        await(() -> count("stream.ticks.length >= " + seen) == STREAMS - 1, "no events arrived");
    }

    private void assertNothingIsLost() throws Exception {
        publisher.close();
        int all = publisher.acknowledged();
        String last = "stream.ticks.length >= " + all;
        await(() -> count(last) == STREAMS - 1, "the last events did not arrive");
        await(() -> count("stream.source.readyState === EventSource.OPEN") == STREAMS, "a stream is not open");
        List<Integer> published = IntStream.range(0, all).boxed().toList();
        assertEquals(published, page.evaluate("streams[0].ticks"));
        assertEquals(published, page.evaluate("streams[1].ticks"));
        assertEquals(0, count("stream.resumed.some(status => status !== 'continued')"));
    }

    /** Returns the number of streams of the page for which a condition holds. */
    private int count(String condition) {
        return (int) page.evaluate("() => streams.filter(stream => " + condition + ").length");
    }

    private List<?> received(String type) {
        return (List<?>) page.evaluate(
                "type => streams[2].sessions.filter(it => it.type === type).map(it => it.session.id)", type);
    }

    private int listed() throws Exception {
        return get("/api/sessions").getJsonArray("sessions", new JsonArray()).size();
    }

    private JsonObject get(String path) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url(path)))
                .header("Authorization", gateway.viewer().substring("Authorization: ".length()))
                .build();
        return new JsonObject(client.send(request, BodyHandlers.ofString()).body());
    }

    private int send(String method, String path, String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url(path)))
                .method(method, BodyPublishers.ofString(body))
                .header("Content-Type", "application/json")
                .build();
        return client.send(request, BodyHandlers.ofString()).statusCode();
    }

    private String url(String path) {
        return "http://127.0.0.1:" + nginx.port() + path;
    }

    /** Polls a condition, because callbacks of the page could only run on this thread. */
    private void await(Callable<Boolean> condition, String message) throws Exception {
        long end = System.nanoTime() + 90_000_000_000L;
        while (!condition.call()) {
            if (System.nanoTime() > end) {
                throw new AssertionError(message + ": " + page.evaluate("streams.map(it => JSON.stringify(it))"));
            }
            page.waitForTimeout(20);
        }
    }
}
