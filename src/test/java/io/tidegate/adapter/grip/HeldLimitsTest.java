package io.tidegate.adapter.grip;

import static io.tidegate.adapter.grip.GripBed.await;
import static io.tidegate.adapter.grip.GripBed.item;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.access.Role;
import io.tidegate.delivery.sse.StreamOptions;
import io.tidegate.edge.limit.LimitOptions;
import io.tidegate.edge.limit.StreamLimits;
import io.tidegate.fixture.TestSettings;
import io.tidegate.node.Settings;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests the features that held clients share with streams: caps, counters, administration and how they end. */
@Timeout(120)
class HeldLimitsTest {

    private final Path folder;

    HeldLimitsTest(@TempDir Path folder) {
        this.folder = folder;
    }

    private static Settings capped(Settings settings, int perNode, int perAddress) {
        LimitOptions limits = settings.limits();
        StreamLimits streams =
                new StreamLimits(perNode, 100, perAddress, limits.streams().attempts());
        return TestSettings.of(settings)
                .limits(new LimitOptions(limits.requests(), streams))
                .build();
    }

    @Test
    void theyCountAgainstTheCapsOfStreamsAndGiveTheirPlacesBack() throws Exception {
        try (GripBed bed = new GripBed(folder, settings -> capped(settings, 2, 100)).holds("a")) {
            GripBed.Client first = bed.client("/live");
            first.head();
            try (GripBed.Client second = bed.client("/live")) {
                second.head();
                assertEquals(2, bed.streams());
                assertEquals(2, bed.metric("limit_stream_permits"));
                assertEquals(2, bed.metric("held_active{mode=\"stream\"}"));
                // An EventSource that is refused with another status would never reconnect.
                try (GripBed.Client third = bed.client("/live")) {
                    String refused = third.head() + third.until("\r\n0\r\n\r\n");
                    assertTrue(refused.startsWith("HTTP/1.1 200 OK\r\n"), refused);
                    assertTrue(refused.contains("event: gateway.busy") && refused.contains("stream-limit"), refused);
                }
                try (GripBed.Client other = bed.client("/live", "Accept: */*")) {
                    String problem = other.answer();
                    assertTrue(problem.startsWith("HTTP/1.1 503 "), problem);
                    assertTrue(problem.contains("\"code\":\"stream-limit\""), problem);
                }
                try (GripBed.Client own = bed.client(
                        "/api/events", "Accept: text/event-stream", bed.node().viewer())) {
                    assertTrue((own.head() + own.until("\r\n0\r\n\r\n")).contains("stream-limit"));
                }
                first.close();
                await(() -> bed.streams() == 1, "the first permit is not released");
            }
            await(() -> bed.streams() == 0, "a permit is not released");
            assertEquals(0, bed.metric("limit_stream_permits"));
            assertEquals(2, bed.metric("held_closed_total{mode=\"stream\",reason=\"client\"}"));
        }
    }

    @Test
    void oneAddressHasNoMoreThanItsShare() throws Exception {
        try (GripBed bed = new GripBed(folder, settings -> capped(settings, 100, 1)).holds("a")) {
            try (GripBed.Client first = bed.client("/live", "X-Forwarded-For: 192.0.2.1", "Accept: text/event-stream");
                    GripBed.Client second = bed.client("/live", "X-Forwarded-For: 192.0.2.2", "Accept: a/b")) {
                assertTrue(first.head().startsWith("HTTP/1.1 200 "));
                assertTrue(second.head().startsWith("HTTP/1.1 200 "));
                GripBed.Client third = bed.client("/live", "X-Forwarded-For: 192.0.2.1", "Accept: a/b");
                assertTrue(third.answer().startsWith("HTTP/1.1 503 "));
            }
        }
    }

    @Test
    void anAdminSeesThemAndEndsThemBySubject() throws Exception {
        try (GripBed bed = new GripBed(folder).holds("room/1")) {
            String admin =
                    "Authorization: Bearer " + bed.node().gateway().token("root", Role.ADMIN, Duration.ofHours(1));
            String[] credentials = admin.split(": ", 2);
            try (GripBed.Client known = bed.client(
                            "/live", "Accept: text/event-stream", bed.node().viewer());
                    GripBed.Client stranger = bed.client("/live", "Accept: text/event-stream");
                    GripBed.Client own = bed.client(
                            "/api/events",
                            "Accept: text/event-stream",
                            bed.node().viewer())) {
                known.head();
                stranger.head();
                own.head();
                JsonArray open = new JsonObject(bed.node()
                                .get("/api/streams", credentials[0], credentials[1])
                                .body())
                        .getJsonArray("streams");
                assertEquals(3, open.size(), open::encode);
                List<String> topics = open.stream()
                        .map(stream ->
                                ((JsonObject) stream).getJsonArray("topics").encode())
                        .toList();
                assertTrue(topics.contains("[\"grip/room~2F1\"]"), open::encode);
                HttpResponse<String> ended = bed.node()
                        .send(bed.node()
                                .request("/api/streams?subject=viewer")
                                .header(credentials[0], credentials[1])
                                .DELETE());
                assertEquals(2, new JsonObject(ended.body()).getInteger("streams"));
                known.until("0\r\n\r\n");
                bed.publish(item("room/1", "still there"));
                stranger.until("still there\r\n");
            }
        }
    }

    @Test
    void aReloadKeepsThemAndItsCapsCountForTheNext() throws Exception {
        try (GripBed bed = new GripBed(folder).holds("a");
                GripBed.Client stays = bed.client("/live")) {
            stays.head();
            bed.node().gateway().reload(capped(bed.settings(), 1, 100)).await(20, TimeUnit.SECONDS);
            bed.publish(item("a", "after the reload"));
            stays.until("after the reload\r\n");
            try (GripBed.Client next = bed.client("/live", "Accept: a/b")) {
                assertTrue(next.answer().startsWith("HTTP/1.1 503 "));
            }
        }
    }

    @Test
    void atAShutdownEachEndsAsAWholeAnswerAndNobodyIsHeldAnyMore() throws Exception {
        try (GripBed bed = new GripBed(folder)) {
            bed.holds("a");
            List<GripBed.Client> clients = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                clients.add(bed.client("/live"));
                clients.get(i).head();
            }
            bed.answers(200, "own", "Grip-Hold", "response", "Grip-Channel", "a");
            GripBed.Client waits = bed.client("/live", "Accept: a/b");
            await(() -> bed.streams() == 21, "the client is not held");
            var stopping = bed.node().gateway().stop();
            for (GripBed.Client client : clients) {
                client.until("0\r\n\r\n");
                client.close();
            }
            assertTrue(waits.answer().endsWith("own"));
            waits.close();
            stopping.await(40, TimeUnit.SECONDS);
        }
    }

    @Test
    void whoReadsSlowlyLosesNothingAndWhoDoesNotReadIsCutOff() throws Exception {
        try (GripBed bed = new GripBed(folder, HeldLimitsTest::impatient, settings -> settings).holds("a");
                GripBed.Client reads = bed.client("/live");
                GripBed.Client never = bed.client("/live")) {
            reads.head();
            never.head();
            CompletableFuture<String> read = new CompletableFuture<>();
            Thread reader = new Thread(() -> {
                try {
                    read.complete(reads.until("the end\r\n"));
                } catch (IOException failure) {
                    read.completeExceptionally(failure);
                }
            });
            reader.start();
            String content = "x".repeat(99_999) + "\n";
            for (int i = 0; i < 40; i++) {
                bed.publish(item("a", content));
            }
            bed.publish(item("a", "the end"));
            String all = read.get(60, TimeUnit.SECONDS).replaceAll("\r\n[0-9a-f]+\r\n|\r\n|^[0-9a-f]+\r\n", "");
            assertEquals(40L * 99_999, all.chars().filter(c -> c == 'x').count());
            // The connection is closed by either the gateway or the kernel, which have the same timeout.
            await(() -> bed.streams() == 1, "the client that does not read is still held");
            assertTrue(never.rest() < 40 * 100_000, "everything was buffered for a client that did not read");
            bed.publish(item("a", "go on"));
            reads.until("go on\r\n");
        }
    }

    private static StreamOptions impatient(StreamOptions given) {
        return new StreamOptions(
                given.heartbeat(),
                given.heartbeatForm(),
                given.retry(),
                given.sendBuffer(),
                Duration.ofSeconds(2),
                given.maxLagBytes(),
                given.drainWindow());
    }

    @Test
    void aClientThatGoesWhileItsOriginStillAnswersLeavesNothing() throws Exception {
        try (GripBed bed = new GripBed(folder)) {
            bed.service(exchange -> {
                exchange.getResponseHeaders().add("Grip-Hold", "stream");
                exchange.getResponseHeaders().add("Grip-Channel", "a");
                exchange.sendResponseHeaders(200, 10);
                exchange.getResponseBody().write("half ".getBytes(StandardCharsets.UTF_8));
                exchange.getResponseBody().flush();
            });
            try (GripBed.Client client = bed.client("/live")) {
                client.until("half \r\n");
                assertEquals(1, bed.streams());
            }
            await(() -> bed.streams() == 0, "the client is still counted");
            assertFalse(bed.metric("limit_stream_permits") > 0);
        }
    }
}
