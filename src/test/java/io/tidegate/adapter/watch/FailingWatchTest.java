package io.tidegate.adapter.watch;

import static io.tidegate.adapter.watch.WatchBed.await;
import static io.tidegate.adapter.watch.WatchBed.awaitIds;
import static io.tidegate.adapter.watch.WatchBed.ids;
import static io.tidegate.adapter.watch.WatchBed.list;
import static io.tidegate.adapter.watch.WatchBed.settings;
import static io.tidegate.adapter.watch.WatchBed.types;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.fixture.TestNode;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Tests that no session ends when an origin fails to return its list, whatever the failure. */
@Timeout(280)
@ExtendWith(VertxExtension.class)
class FailingWatchTest {

    private final Path data;
    private SessionService service;

    FailingWatchTest(@TempDir Path data) {
        this.data = data;
    }

    @BeforeEach
    void serve(Vertx vertx) throws Exception {
        service = new SessionService(vertx);
    }

    private static Handler<HttpServerRequest> answer(int status, String body) {
        return request -> request.response()
                .setStatusCode(status)
                .putHeader("Content-Type", "application/json")
                .end(body);
    }

    private Map<String, Handler<HttpServerRequest>> failures() {
        Map<String, Handler<HttpServerRequest>> failures = new TreeMap<>();
        failures.put("500", answer(500, "{\"sessions\":[]}"));
        failures.put("503", answer(503, ""));
        failures.put("401", answer(401, "[]"));
        failures.put("404", answer(404, "[]"));
        failures.put("204", request -> request.response().setStatusCode(204).end());
        failures.put("206", answer(206, "[]"));
        failures.put("302", request -> request.response()
                .setStatusCode(302)
                .putHeader("Location", "/login")
                .end());
        failures.put(
                "304 to an unconditional request",
                request -> request.response().setStatusCode(304).end());
        failures.put("html", answer(200, "<!doctype html><title>Maintenance</title>"));
        failures.put("nothing", answer(200, ""));
        failures.put("null", answer(200, "null"));
        failures.put("string", answer(200, "\"ok\""));
        failures.put("no list", answer(200, "{\"error\":\"database\"}"));
        failures.put("two lists", answer(200, "{\"sessions\":[],\"errors\":[]}"));
        failures.put("list of strings", answer(200, "{\"sessions\":[\"s1\"]}"));
        failures.put("entry without a key", answer(200, "{\"sessions\":[{\"user\":\"x\"}]}"));
        failures.put("entry with an invalid key", answer(200, "{\"sessions\":[{\"id\":{\"a\":1}}]}"));
        failures.put("the same key twice", answer(200, "{\"sessions\":[{\"id\":\"a\"},{\"id\":\"a\"}]}"));
        failures.put("half of it", answer(200, "{\"sessions\":[{\"id\":\"s1\"}"));
        failures.put("two values", answer(200, "{\"sessions\":[]}{\"sessions\":[]}"));
        failures.put("not utf-8", request -> request.response()
                .end(Buffer.buffer(new byte[] {'[', '"', (byte) 0xff, '"', ']'})));
        failures.put("no gzip", request -> request.response()
                .putHeader("Content-Encoding", "gzip")
                .end("[]"));
        failures.put("brotli", request -> request.response()
                .putHeader("Content-Encoding", "br")
                .end("[]"));
        failures.put("a small body that is too large once it is decoded", request -> request.response()
                .putHeader("Content-Encoding", "gzip")
                .end(Buffer.buffer(WatchBed.gzip(new byte[64 << 20]))));
        failures.put("cut off", request -> {
            request.response().putHeader("Content-Length", "1000").write("{\"sessions\":[]}");
            service.vertx().setTimer(20, late -> request.connection().close());
        });
        failures.put("chunks cut off", request -> {
            request.response().setChunked(true).write("{\"sessions\":[]}");
            service.vertx().setTimer(20, late -> request.connection().close());
        });
        failures.put("no answer", request -> {});
        failures.put("no end", request -> request.response().setChunked(true).write("{\"sessions\":[]}"));
        failures.put("closed at once", request -> request.connection().close());
        failures.put("too much", request -> request.response().setChunked(true).write("[\"" + "x".repeat(2 << 20)));
        return failures;
    }

    @Test
    void noFailureEndsASessionAndEachIsSaid() throws Exception {
        service.put("s1", "ada");
        service.put("s2", "bob");
        try (TestNode node = TestNode.start(settings(data, service))) {
            awaitIds(node, "s1", "s2");
            for (Map.Entry<String, Handler<HttpServerRequest>> failure :
                    failures().entrySet()) {
                service.list(failure.getValue());
                await(() -> list(node).getBoolean("stale"), "not stale after " + failure.getKey());
                assertEquals(List.of("s1", "s2"), ids(node), failure.getKey());
                assertEquals("STALE", ready(node), failure.getKey());
                service.recover();
                awaitIds(node, "s1", "s2");
                assertEquals("UP", ready(node), failure.getKey());
            }
            service.down();
            await(() -> list(node).getBoolean("stale"), "not stale without a service");
            service.up();
            awaitIds(node, "s1", "s2");
            assertEquals(List.of("session_created s1", "session_created s2"), types(node));
            String metrics = node.management("/metrics").body();
            assertTrue(metrics.contains("watch_polls_total{kind=\"sessions\",outcome=\"failed\"}"), metrics);
            assertTrue(metrics.contains("watch_stale{kind=\"sessions\"} 0.0"), metrics);
        }
    }

    @Test
    void aClientThatPollsWithATagHearsThatTheListIsStale() throws Exception {
        service.put("s1", "ada");
        try (TestNode node = TestNode.start(settings(data, service))) {
            awaitIds(node, "s1");
            String tag = tag(node);
            assertEquals(
                    304, node.get(SessionService.PATH, "If-None-Match", tag).statusCode());
            service.list(answer(500, ""));
            await(() -> list(node).getBoolean("stale"), "not stale");
            assertEquals(
                    200, node.get(SessionService.PATH, "If-None-Match", tag).statusCode());
            assertNotEquals(tag, tag(node));
            String since = list(node).getString("stale_since");
            int polls = service.polls();
            await(() -> service.polls() > polls, "no more polls");
            assertEquals(since, list(node).getString("stale_since"));
        }
    }

    @Test
    void aStartWithoutTheServiceAnswersWithWhatWasKnown() throws Exception {
        service.put("s1", "ada");
        try (TestNode node = TestNode.start(settings(data, service))) {
            awaitIds(node, "s1");
        }
        service.down();
        try (TestNode node = TestNode.start(settings(data, service))) {
            assertEquals(List.of("s1"), ids(node));
            assertTrue(list(node).getBoolean("stale"));
            assertEquals(200, node.management("/ready").statusCode());
            service.up();
            awaitIds(node, "s1");
        }
    }

    private static String ready(TestNode node) throws Exception {
        JsonObject ready = new JsonObject(node.management("/ready").body());
        assertEquals("UP", ready.getString("status"));
        return ready.getJsonObject("dependencies").getString("watch sessions");
    }

    private static String tag(TestNode node) throws Exception {
        return node.get(SessionService.PATH).headers().firstValue("ETag").orElse("");
    }
}
