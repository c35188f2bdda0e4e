package io.tidegate.adapter.tap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.adapter.tap.Tap.Source;
import io.tidegate.adapter.watch.SessionService;
import io.tidegate.adapter.watch.Watch;
import io.tidegate.event.Kind;
import io.tidegate.fixture.TestNode;
import io.tidegate.fixture.TestSettings;
import io.tidegate.fixture.TestStream;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Tests that a tap publishes a change immediately, and that a watch of the same list does not publish it again. */
@Timeout(180)
@ExtendWith(VertxExtension.class)
class WatchAndTapTest {

    private static final Duration NEVER = Duration.ofHours(1);
    private static final Duration OFTEN = Duration.ofMillis(50);

    private static final List<Tap> TAPS = List.of(
            new Tap("POST /api/sessions", "sessions", "session_created"),
            new Tap(
                    "DELETE /api/sessions/{id}",
                    "sessions",
                    "session_terminated",
                    "2xx",
                    Source.NONE,
                    "{id}",
                    List.of(),
                    1024));

    private final Path data;
    private SessionService service;

    WatchAndTapTest(@TempDir Path data) {
        this.data = data;
    }

    @BeforeEach
    void serve(Vertx vertx) throws Exception {
        service = new SessionService(vertx);
    }

    private TestNode node(Duration every) throws Exception {
        Watch watch = new Watch(
                Kind.SESSIONS,
                "/",
                SessionService.PATH,
                every,
                "id",
                "",
                Duration.ofSeconds(30),
                1 << 20,
                Map.of(),
                List.of(),
                false);
        return TestNode.start(TestSettings.in(data)
                .origins(service.origin("/"))
                .watches(watch)
                .taps(TAPS)
                .build());
    }

    @Test
    void aChangeIsOnTheStreamBeforeAnyPoll() throws Exception {
        try (TestNode node = node(NEVER);
                TestStream stream = node.stream("/api/sse/sessions?delta=true")) {
            await(() -> service.polls() == 1, "no first poll");
            create(node, "s1");
            stream.awaitBody("\"session_created\"");
            assertEquals(
                    204, node.send("DELETE", SessionService.PATH + "/s1", "").statusCode());
            stream.awaitBody("\"session_terminated\"");
            assertTrue(stream.body().contains("\"user\":\"ada\",\"status\":\"terminated\""), stream::body);
            assertEquals(List.of("session_created s1", "session_terminated s1"), types(node));
            assertEquals(1, service.polls());
            String metrics = node.management("/metrics").body();
            assertTrue(metrics.contains("tap_events_total{kind=\"sessions\",outcome=\"published\"} 2.0"), metrics);
        }
    }

    @Test
    void thePollsThatFollowDoNotTellItAgain() throws Exception {
        try (TestNode node = node(OFTEN)) {
            await(() -> service.polls() > 1, "no polls");
            for (int i = 0; i < 20; i++) {
                create(node, "s" + i);
                assertEquals(
                        204,
                        node.send("DELETE", SessionService.PATH + "/s" + i, "").statusCode());
            }
            create(node, "last");
            int polls = service.polls();
            await(() -> service.polls() > polls + 3, "no polls");
            await(() -> types(node).size() >= 41, "events are missing");
            List<String> types = types(node);
            assertEquals(types.stream().distinct().toList(), types);
            assertEquals("session_created last", types.get(40));
            assertEquals(41, types.size());
        }
    }

    @Test
    void aListFromBeforeTheChangeDoesNotUndoIt() throws Exception {
        service.put("s1", "ada");
        service.put("s2", "bob");
        BlockingQueue<HttpServerRequest> held = new LinkedBlockingQueue<>();
        try (TestNode node = node(OFTEN)) {
            await(() -> types(node).size() == 2, "no first list");
            service.list(held::add);
            HttpServerRequest poll = held.poll(30, TimeUnit.SECONDS);
            String before = service.json().encode();
            create(node, "s3");
            assertEquals(
                    204, node.send("DELETE", SessionService.PATH + "/s2", "").statusCode());
            await(() -> types(node).size() == 4, "the taps published nothing");
            poll.response().end(before);
            HttpServerRequest next = held.poll(30, TimeUnit.SECONDS);
            assertEquals(4, types(node).size(), "the old list undid a change");
            service.recover();
            service.respond(next);
            int polls = service.polls();
            await(() -> service.polls() > polls + 2, "no polls");
            assertEquals(
                    List.of("session_created s1", "session_created s2", "session_created s3", "session_terminated s2"),
                    types(node));
        }
    }

    @Test
    void whatTheWatchToldFirstTheTapDoesNotTellAgain() throws Exception {
        try (TestNode node = node(OFTEN)) {
            await(() -> service.polls() > 1, "no polls");
            service.holdResponses();
            Thread client = new Thread(() -> {
                try {
                    create(node, "s1");
                } catch (Exception failed) {
                    throw new IllegalStateException(failed);
                }
            });
            client.start();
            await(() -> types(node).equals(List.of("session_created s1")), "the watch published nothing");
            service.releaseResponses();
            client.join(Duration.ofSeconds(30).toMillis());
            assertFalse(client.isAlive());
            await(
                    () -> node.management("/metrics")
                            .body()
                            .contains("tap_events_total{kind=\"sessions\",outcome=\"known\"} 1.0"),
                    "the tap had no outcome");
            assertEquals(List.of("session_created s1"), types(node));
        }
    }

    private static void create(TestNode node, String id) throws Exception {
        assertEquals(
                201,
                node.send("POST", SessionService.PATH, "{\"id\":\"" + id + "\",\"user\":\"ada\"}")
                        .statusCode());
    }

    private static List<String> types(TestNode node) throws Exception {
        return new JsonObject(node.get("/api/events?topics=sessions/**&since=oldest&limit=1000")
                        .body())
                .getJsonArray("events").stream()
                        .map(event ->
                                ((JsonObject) event).getString("type") + ' ' + ((JsonObject) event).getString("key"))
                        .toList();
    }

    private static void await(Callable<Boolean> condition, String message) throws Exception {
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!condition.call()) {
            if (System.nanoTime() > end) {
                throw new AssertionError(message);
            }
            LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
        }
    }
}
