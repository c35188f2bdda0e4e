package io.tidegate.scenario;

import io.tidegate.access.Role;
import io.tidegate.auth.token.AuthOptions;
import io.tidegate.auth.token.Tokens;
import io.tidegate.event.TopicPattern;
import io.tidegate.fixture.ChildNode;
import io.tidegate.fixture.TestNginx;
import io.tidegate.fixture.TestTerminal;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/**
 * Runs many clients of the example service's list of sessions behind a real nginx, while sessions are created and
 * ended. Measures the requests that reach the service, and when each client learns of each change. Each client has its
 * own address and, with the gateway, its own token.
 */
final class Fifty implements AutoCloseable {

    /** The way in which clients learn of changes. */
    enum Way {
        POLL("polling each second", "", 1_000),
        POLL_OPEN("polling each second, with a session open", "", 1_000),
        STREAM_OF_WATCH("streams, a watch each second", WATCH, 0),
        STREAM_OF_TAP("streams, the watch and taps", WATCH + TAPS, 0),
        FALLBACK("polling the gateway each 10 s", WATCH, 10_000);

        final String text;
        private final String configuration;
        private final long everyMillis;

        Way(String text, String configuration, long everyMillis) {
            this.text = text;
            this.configuration = configuration;
            this.everyMillis = everyMillis;
        }

        boolean gateway() {
            return !configuration.isEmpty();
        }
    }

    private static final String WATCH =
            """
            watches:
              - {kind: sessions, origin: /, path: /api/sessions, every: 1s, list: $.sessions}
            """;
    private static final String TAPS =
            """
            taps:
              - {on: POST /api/sessions, topic: sessions, type: session_created}
              - {on: "DELETE /api/sessions/{id}", topic: sessions, type: session_terminated, data: none, key: "{id}"}
            """;
    private static final long TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(90);

    private record Change(String name, long requested, long answered) {}

    private final Path folder;
    private final Way way;
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final TestTerminal service;
    private final TestNginx nginx;
    private final List<OneOfMany> clients;
    private final HttpClient driver =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /**
     * Creates a measurement with the given number of clients.
     *
     * @param vertx the Vert.x instance of the test, which runs the clients
     * @param folder an empty folder
     */
    Fifty(Vertx vertx, Path folder, Way way, int clients) throws Exception {
        this.folder = folder;
        this.way = way;
        this.service = opened(TestTerminal.start(folder, "--max-sessions", "100"));
        List<String> tokens = List.of();
        int upstream = service.port();
        if (way.gateway()) {
            upstream = startGateway();
            Tokens mint = Tokens.open(folder.resolve("data"), AuthOptions.DEFAULTS, Clock.systemUTC());
            tokens = IntStream.range(0, clients)
                    .mapToObj(
                            n -> mint.mint("client-" + n, Role.VIEWER, List.of(TopicPattern.ALL), Duration.ofHours(1)))
                    .toList();
        }
        this.nginx = opened(TestNginx.inFrontOf(upstream, folder));
        this.clients = new ArrayList<>();
        opened(() -> this.clients.forEach(OneOfMany::stop));
        for (int n = 0; n < clients; n++) {
            this.clients.add(new OneOfMany(vertx, n, nginx.port(), tokens.isEmpty() ? "" : tokens.get(n)));
        }
    }

    private int startGateway() throws Exception {
        String configuration =
                """
                http:
                  trusted-proxies: [127.0.0.1]
                origins:
                  - {prefix: /, url: "http://127.0.0.1:%d"}
                """
                        .formatted(service.port());
        Files.writeString(
                Files.createDirectories(folder.resolve("conf")).resolve("tidegate.yaml"),
                configuration + way.configuration);
        return opened(ChildNode.start(folder, ":", List.of("-Xmx192m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")))
                .port();
    }

    private <T extends AutoCloseable> T opened(T resource) {
        opened.push(resource);
        return resource;
    }

    /**
     * Creates sessions in the first half of the time and ends them in the second half.
     *
     * @param everyMillis the average time between changes
     * @param pollMillis the interval of polling clients; 0 for the default of the way
     */
    Findings run(Duration time, long everyMillis, long pollMillis) throws Exception {
        String open = way == Way.POLL_OPEN ? "/api/sessions/" + create() : "";
        Random random = new Random(7);
        for (OneOfMany client : clients) {
            if (way.everyMillis == 0) {
                client.stream();
            } else {
                client.poll(pollMillis > 0 ? pollMillis : way.everyMillis, open);
                pause(way.gateway() && pollMillis == 0 ? 200 : 20); // this spreads the polls of the clients
            }
        }
        await(() -> clients.stream().allMatch(client -> client.answered() > 0), "not all clients got a response");
        List<Change> changes = new ArrayList<>();
        List<String> sessions = new ArrayList<>();
        List<String> before = service.requests();
        long begin = System.nanoTime();
        while (System.nanoTime() - begin < time.toNanos() / 2) {
            long requested = System.nanoTime();
            String id = create();
            changes.add(new Change("session_created " + id, requested, System.nanoTime()));
            sessions.add(id);
            pause(everyMillis / 2 + random.nextInt((int) everyMillis));
        }
        for (String id : sessions) {
            long requested = System.nanoTime();
            send(request("/api/sessions/" + id).DELETE(), 204);
            changes.add(new Change("session_terminated " + id, requested, System.nanoTime()));
            pause(everyMillis / 2 + random.nextInt((int) everyMillis));
        }
        pause(TimeUnit.NANOSECONDS.toMillis(begin + time.toNanos() - System.nanoTime()));
        long nanos = System.nanoTime() - begin;
        List<String> all = service.requests();
        List<String> requests = all.subList(before.size(), all.size());
        // A client that was refused may have missed a session that was created and ended in the meantime.
        if (clients.stream().allMatch(client -> client.refused() == 0)) {
            await(() -> unseen(changes) == 0, "not every client has seen every change");
        }
        return findings(nanos, requests, changes);
    }

    private Findings findings(long nanos, List<String> requests, List<Change> changes) {
        List<Long> sinceRequest = new ArrayList<>();
        List<Long> sinceResponse = new ArrayList<>();
        for (OneOfMany client : clients) {
            for (Change change : changes) {
                long seen = client.seen(change.name());
                if (seen != 0) {
                    sinceRequest.add(seen - change.requested());
                    sinceResponse.add(Math.max(0, seen - change.answered()));
                }
            }
        }
        return new Findings(
                way.text,
                clients.size(),
                nanos,
                (int) requests.stream().filter(line -> line.contains(" GET ")).count(),
                clients.stream().mapToInt(OneOfMany::refused).sum(),
                clients.stream().mapToInt(OneOfMany::failures).sum(),
                changes.size(),
                unseen(changes),
                sinceResponse.stream().sorted().toList(),
                sinceRequest.stream().sorted().toList());
    }

    private int unseen(List<Change> changes) {
        return clients.stream()
                .mapToInt(client -> (int) changes.stream()
                        .filter(change -> client.seen(change.name()) == 0)
                        .count())
                .sum();
    }

    private String create() throws Exception {
        return new JsonObject(send(request("/api/sessions").POST(BodyPublishers.ofString("{}")), 201)).getString("id");
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + nginx.port() + path))
                .header("Content-Type", "application/json")
                .timeout(Duration.ofSeconds(60));
    }

    private String send(HttpRequest.Builder request, int expected) throws Exception {
        HttpResponse<String> response = driver.send(request.build(), BodyHandlers.ofString());
        if (response.statusCode() != expected) {
            throw new AssertionError(response.statusCode() + " " + response.body());
        }
        return response.body();
    }

    private static void pause(long millis) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
    }

    private static void await(BooleanSupplier condition, String message) {
        long end = System.nanoTime() + TIMEOUT_NANOS;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError(message);
            }
            pause(10);
        }
    }

    @Override
    public void close() throws Exception {
        while (!opened.isEmpty()) {
            opened.pop().close();
        }
    }
}
