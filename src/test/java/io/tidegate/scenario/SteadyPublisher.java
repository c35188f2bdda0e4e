package io.tidegate.scenario;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Publishes events with the data 0, 1, 2 and so on. Repeats each event with the same {@code Idempotency-Key} until it
 * is acknowledged, so that each is in the journal once. Runs on its own thread.
 */
final class SteadyPublisher implements AutoCloseable {

    static final String TOPIC = "steady";
    static final String TYPE = "tick";

    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI target;
    private final String token;
    private final Thread thread = new Thread(this::run, "steady-publisher");
    private volatile boolean stopping;
    private volatile int acknowledged;
    private final AtomicInteger repeated = new AtomicInteger();

    SteadyPublisher(int port, String token) {
        this.target = URI.create("http://127.0.0.1:" + port + "/api/events");
        this.token = token;
        thread.setDaemon(true);
        thread.start();
    }

    /** Returns the number of acknowledged events. */
    int acknowledged() {
        return acknowledged;
    }

    /** Returns the number of repeated requests. */
    int repeated() {
        return repeated.get();
    }

    /** Stops after the current event has been acknowledged. */
    @Override
    public void close() throws InterruptedException {
        stopping = true;
        thread.join(TimeUnit.SECONDS.toMillis(60));
        if (thread.isAlive()) {
            throw new AssertionError("the publisher did not stop");
        }
    }

    private void run() {
        for (int n = 0; !stopping; n++) {
            while (!published(n)) {
                repeated.incrementAndGet();
                LockSupport.parkNanos(10 * PAUSE_NANOS);
            }
            acknowledged = n + 1;
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private boolean published(int n) {
        HttpRequest request = HttpRequest.newBuilder(target)
                .timeout(TIMEOUT)
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", "steady-" + n)
                .POST(BodyPublishers.ofString(
                        "{\"topic\":\"" + TOPIC + "\",\"type\":\"" + TYPE + "\",\"data\":" + n + "}"))
                .build();
        try {
            return client.send(request, BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException | InterruptedException unanswered) {
            return false;
        }
    }
}
