package io.tidegate.adapter.watch;

import io.tidegate.event.Kind;
import io.tidegate.fixture.TestNode;
import io.tidegate.fixture.TestSettings;
import io.tidegate.node.Settings;
import io.tidegate.proxy.origin.Origin;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.GZIPOutputStream;

/** A gateway with an SQLite journal that watches the sessions of a service. */
final class WatchBed {

    static final Duration OFTEN = Duration.ofMillis(50);

    private WatchBed() {}

    static Watch watch(String origin) {
        return watch(origin, Map.of(), false);
    }

    static Watch watch(String origin, Map<String, String> headers, boolean pause) {
        return watch(origin, headers, List.of(), pause);
    }

    static Watch ignoring(String origin, String... names) {
        return watch(origin, Map.of(), List.of(names), false);
    }

    private static Watch watch(String origin, Map<String, String> headers, List<String> ignore, boolean pause) {
        return new Watch(
                Kind.SESSIONS,
                origin,
                SessionService.PATH,
                OFTEN,
                "id",
                "",
                Duration.ofSeconds(4),
                1 << 20,
                headers,
                ignore,
                pause);
    }

    static Settings settings(Path data, SessionService service) {
        return settings(data, List.of(service.origin("/")), watch("/"));
    }

    static Settings settings(Path data, List<Origin> origins, Watch watch) {
        return TestSettings.in(data).origins(origins).watches(watch).build();
    }

    static byte[] gzip(byte[] plain) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(bytes)) {
            zip.write(plain);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    static JsonObject list(TestNode node) throws Exception {
        return new JsonObject(node.get(SessionService.PATH).body());
    }

    /** Returns the ids of the sessions in the gateway's list. */
    static List<String> ids(TestNode node) throws Exception {
        return list(node).getJsonArray("sessions").stream()
                .map(session -> ((JsonObject) session).getString("id"))
                .toList();
    }

    /** Waits until the list is not stale and has these ids. */
    static void awaitIds(TestNode node, String... ids) throws Exception {
        await(
                () -> ids(node).equals(List.of(ids)) && !list(node).getBoolean("stale"),
                "the list never had these ids without being stale");
    }

    /** Returns the type and key of each retained session event. */
    static List<String> types(TestNode node) throws Exception {
        return new JsonObject(
                        node.get("/api/events?topics=sessions/**&since=oldest").body())
                .getJsonArray("events").stream()
                        .map(event ->
                                ((JsonObject) event).getString("type") + ' ' + ((JsonObject) event).getString("key"))
                        .toList();
    }

    static void await(Callable<Boolean> condition, String message) throws Exception {
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!condition.call()) {
            if (System.nanoTime() > end) {
                throw new AssertionError(message);
            }
            LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
        }
    }
}
