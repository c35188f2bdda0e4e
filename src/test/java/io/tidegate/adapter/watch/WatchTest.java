package io.tidegate.adapter.watch;

import static io.tidegate.adapter.watch.WatchBed.await;
import static io.tidegate.adapter.watch.WatchBed.awaitIds;
import static io.tidegate.adapter.watch.WatchBed.gzip;
import static io.tidegate.adapter.watch.WatchBed.ids;
import static io.tidegate.adapter.watch.WatchBed.list;
import static io.tidegate.adapter.watch.WatchBed.settings;
import static io.tidegate.adapter.watch.WatchBed.types;
import static io.tidegate.adapter.watch.WatchBed.watch;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.event.Kind;
import io.tidegate.fixture.TestClock;
import io.tidegate.fixture.TestNode;
import io.tidegate.fixture.TestSettings;
import io.tidegate.fixture.TestStream;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Tests a gateway with an SQLite journal that watches the sessions of a service over HTTP. */
@Timeout(180)
@ExtendWith(VertxExtension.class)
class WatchTest {

    private final Path data;
    private SessionService service;

    WatchTest(@TempDir Path data) {
        this.data = data;
    }

    @BeforeEach
    void serve(Vertx vertx) throws Exception {
        service = new SessionService(vertx);
    }

    @Test
    void whatChangesInTheListIsToldOnceAndTheListAnswersWhoeverPolls() throws Exception {
        service.put("s1", "ada");
        try (TestNode node = TestNode.start(settings(data, service));
                TestStream stream = node.stream("/api/sse/sessions?delta=true")) {
            awaitIds(node, "s1");
            service.put("s2", "bob");
            awaitIds(node, "s1", "s2");
            service.put("s1", "eve");
            await(() -> types(node).size() == 3, "no change");
            service.remove("s2");
            awaitIds(node, "s1");
            int polls = service.polls();
            await(() -> service.polls() > polls + 3, "no polls");
            assertEquals(
                    List.of("session_created s1", "session_created s2", "session_updated s1", "session_terminated s2"),
                    types(node));
            stream.awaitBody("session_terminated");
            assertTrue(stream.body().contains("\"user\":\"eve\""), stream::body);
            JsonObject last = new JsonObject(
                            node.get("/api/events?topics=sessions&limit=1").body())
                    .getJsonArray("events")
                    .getJsonObject(0)
                    .getJsonObject("data");
            assertEquals("terminated", last.getString("status"));
            assertEquals("bob", last.getString("user"));
            assertTrue(last.containsKey("terminated_at"));
            assertEquals(false, list(node).getValue("stale"));
            assertNull(list(node).getValue("stale_since"));
        }
    }

    @Test
    void whatChangedWhileTheGatewayWasDownIsToldAndNothingTwice() throws Exception {
        service.put("s1", "ada");
        service.put("s2", "bob");
        service.put("s3", "cat");
        try (TestNode node = TestNode.start(settings(data, service))) {
            awaitIds(node, "s1", "s2", "s3");
        }
        service.remove("s2");
        service.put("s3", "dan");
        service.put("s4", "eve");
        try (TestNode node = TestNode.start(settings(data, service))) {
            awaitIds(node, "s1", "s3", "s4");
            assertEquals(
                    List.of("session_updated s3", "session_created s4", "session_terminated s2"),
                    types(node).subList(3, 6));
        }
    }

    @Test
    void aCompressedListWithAByteOrderMarkIsRead() throws Exception {
        service.put("s1", "ada");
        service.list(request -> {
            boolean offered = "gzip, deflate".equals(request.getHeader("Accept-Encoding"));
            byte[] list = ("\uFEFF" + service.json()).getBytes(StandardCharsets.UTF_8);
            request.response()
                    .putHeader("Content-Encoding", offered ? "gzip" : "identity")
                    .end(Buffer.buffer(offered ? gzip(list) : new byte[0]));
        });
        try (TestNode node = TestNode.start(settings(data, service))) {
            awaitIds(node, "s1");
            service.put("s2", "bob");
            awaitIds(node, "s1", "s2");
        }
    }

    @Test
    void aListThatIsValidAndEmptyEndsEverything() throws Exception {
        service.put("s1", "ada");
        try (TestNode node = TestNode.start(settings(data, service))) {
            awaitIds(node, "s1");
            service.remove("s1");
            awaitIds(node);
        }
    }

    @Test
    void commandsGoToTheOriginAndTheListIsTheGateways() throws Exception {
        for (String prefix : List.of("/", SessionService.PATH)) {
            Path folder = data.resolve(prefix.substring(1).replace('/', '-') + "node");
            try (TestNode node = TestNode.start(settings(folder, List.of(service.origin(prefix)), watch(prefix)))) {
                HttpResponse<String> created =
                        node.send("POST", SessionService.PATH, "{\"id\":\"n1\",\"user\":\"new\"}");
                assertEquals(201, created.statusCode());
                assertTrue(created.headers().firstValue("Tidegate-Cursor").isEmpty());
                awaitIds(node, "n1");
                assertEquals(
                        204,
                        node.send("DELETE", SessionService.PATH + "/n1", "").statusCode());
                awaitIds(node);
                assertEquals(
                        401, node.send(node.request(SessionService.PATH).GET()).statusCode());
            }
        }
    }

    @Test
    void commandsThatNoOriginTakesAreRefused() throws Exception {
        service.put("s1", "ada");
        try (TestNode node =
                TestNode.start(settings(data, List.of(service.origin("/elsewhere")), watch("/elsewhere")))) {
            awaitIds(node, "s1");
            HttpResponse<String> created = node.send("POST", SessionService.PATH, "{}");
            assertEquals(405, created.statusCode());
            assertEquals(Optional.of("GET, HEAD, OPTIONS"), created.headers().firstValue("Allow"));
            assertEquals(
                    404, node.send("DELETE", SessionService.PATH + "/s1", "").statusCode());
            assertEquals(List.of("s1"), ids(node));
        }
    }

    @Test
    void aListIsAskedForByItsTagUntilSomebodyElseChangesTheState() throws Exception {
        service.put("s1", "ada");
        BlockingQueue<String> asked = new LinkedBlockingQueue<>();
        service.list(request -> {
            String tag = "\"" + service.json().hashCode() + "\"";
            asked.add(String.valueOf(request.getHeader("If-None-Match")).equals(tag) ? "known" : "new");
            if (tag.equals(request.getHeader("If-None-Match"))) {
                request.response().setStatusCode(304).end();
            } else {
                request.response().putHeader("ETag", tag).end(service.json().encode());
            }
        });
        try (TestNode node = TestNode.start(settings(data, service))) {
            awaitIds(node, "s1");
            assertEquals("new", asked.poll(30, TimeUnit.SECONDS));
            assertEquals("known", asked.poll(30, TimeUnit.SECONDS));
            assertEquals("known", asked.poll(30, TimeUnit.SECONDS));
            assertEquals(
                    200,
                    node.send(
                                    "POST",
                                    "/api/events",
                                    """
                                    {"topic":"sessions","type":"session_created","key":"x","data":{"id":"x"}}""")
                            .statusCode());
            await(() -> types(node).contains("session_terminated x"), "the member of another publisher was not ended");
            assertEquals(List.of("s1"), ids(node));
        }
    }

    @Test
    void pollsOfASlowOriginDoNotOverlap() throws Exception {
        service.list(request -> service.vertx().setTimer(200, late -> service.respond(request)));
        try (TestNode node = TestNode.start(settings(data, service))) {
            await(() -> service.polls() >= 5, "no polls");
            assertEquals(1, service.maxConcurrent());
            assertFalse(list(node).getBoolean("stale"));
        }
    }

    @Test
    void anAnswerFromBeforeAChangeDoesNotUndoIt() throws Exception {
        service.put("s1", "ada");
        service.put("s2", "bob");
        BlockingQueue<HttpServerRequest> held = new LinkedBlockingQueue<>();
        try (TestNode node = TestNode.start(settings(data, service))) {
            awaitIds(node, "s1", "s2");
            service.list(held::add);
            HttpServerRequest before = held.poll(30, TimeUnit.SECONDS);
            String old = service.json().encode();
            service.put("s3", "new");
            service.remove("s2");
            for (String event : List.of(
                    "{\"topic\":\"sessions\",\"type\":\"session_created\",\"key\":\"s3\","
                            + "\"data\":{\"id\":\"s3\",\"user\":\"new\"}}",
                    "{\"topic\":\"sessions\",\"type\":\"session_terminated\",\"key\":\"s2\","
                            + "\"data\":{\"id\":\"s2\"}}")) {
                assertEquals(200, node.send("POST", "/api/events", event).statusCode());
            }
            before.response().end(old);
            // The next poll is sent only after that response has been processed.
            HttpServerRequest after = held.poll(30, TimeUnit.SECONDS);
            assertEquals(List.of("s1", "s3"), ids(node));
            service.recover();
            after.response().end(service.json().encode());
            int polls = service.polls();
            await(() -> service.polls() > polls + 2, "no polls");
            assertEquals(4, types(node).size(), () -> "a change was published again");
        }
    }

    @Test
    void itPausesWhileNobodyReadsIfItShall() throws Exception {
        TestClock clock = new TestClock("2026-03-01T12:00:00Z");
        service.put("s1", "ada");
        try (TestNode node =
                TestNode.start(settings(data, List.of(service.origin("/")), watch("/", Map.of(), true)), clock)) {
            awaitIds(node, "s1");
            clock.advance(Duration.ofMinutes(2));
            await(() -> status(node).equals("PAUSED"), "the watch never paused");
            int polls = service.polls();
            service.put("s2", "bob");
            assertTrue(list(node).getBoolean("stale"), "the list of a paused watch must be marked stale");
            awaitIds(node, "s1", "s2");
            assertTrue(service.polls() > polls);
            clock.advance(Duration.ofMinutes(2));
            await(() -> status(node).equals("PAUSED"), "the watch never paused again");
            try (TestStream stream = node.stream("/api/sse/sessions")) {
                service.put("s3", "eve");
                stream.awaitBody("\"s3\"");
                clock.advance(Duration.ofMinutes(2));
                service.remove("s3");
                stream.awaitBody("session_terminated");
            }
        }
    }

    private static String status(TestNode node) throws Exception {
        return new JsonObject(node.management("/ready").body())
                .getJsonObject("dependencies")
                .getString("watch sessions");
    }

    @Test
    void secretsComeFromFiles() throws Exception {
        Path file = data.resolve("secret");
        Files.writeString(file, "one\n");
        service.put("s1", "ada");
        service.list(request -> {
            if ("Bearer two".equals(request.getHeader("Authorization"))) {
                service.respond(request);
            } else {
                request.response().setStatusCode(401).end();
            }
        });
        Map<String, String> headers = Map.of("Authorization", "Bearer ${file:" + file + "}");
        try (TestNode node = TestNode.start(
                settings(data.resolve("node"), List.of(service.origin("/")), watch("/", headers, false)))) {
            await(() -> service.polls() >= 2, "no polls");
            assertTrue(list(node).getBoolean("stale"));
            Files.writeString(file, "two\n");
            awaitIds(node, "s1");
        }
    }

    @Test
    void aTimeThatMovesWithEachPollIsNoNewsIfIgnored() throws Exception {
        AtomicInteger seen = new AtomicInteger();
        service.put("s1", "ada");
        service.list(request -> {
            JsonObject list = service.json();
            list.getJsonArray("sessions").getJsonObject(0).put("last_seen", seen.incrementAndGet());
            request.response().end(list.encode());
        });
        Watch watch = WatchBed.ignoring("/", "last_seen");
        try (TestNode node = TestNode.start(settings(data, List.of(service.origin("/")), watch))) {
            awaitIds(node, "s1");
            await(() -> seen.get() > 5, "no polls");
            assertEquals(List.of("session_created s1"), types(node));
            service.put("s1", "eve");
            await(() -> types(node).size() == 2, "no change");
            JsonObject known = list(node).getJsonArray("sessions").getJsonObject(0);
            assertEquals("eve", known.getString("user"));
            assertTrue(known.getInteger("last_seen") > 5, "it must have the value of the last event");
        }
    }

    @Test
    void aReloadBeginsAndEndsWatches() throws Exception {
        service.put("s1", "ada");
        var unwatched = TestSettings.in(data)
                .kinds(Kind.SESSIONS)
                .origins(service.origin("/"))
                .build();
        try (TestNode node = TestNode.start(unwatched)) {
            assertEquals(
                    201,
                    node.send("POST", SessionService.PATH, "{\"id\":\"own\"}").statusCode());
            var reload = node.gateway()
                    .reload(TestSettings.of(unwatched).watches(watch("/")).build())
                    .await(20, TimeUnit.SECONDS);
            assertEquals(List.of("watches"), reload.applied());
            awaitIds(node, "s1");
            node.gateway().reload(unwatched).await(20, TimeUnit.SECONDS);
            int polls = service.polls();
            assertEquals(
                    201,
                    node.send("POST", SessionService.PATH, "{\"id\":\"own\"}").statusCode());
            assertNull(list(node).getValue("stale"));
            assertEquals(polls, service.polls());
        }
    }
}
