package io.tidegate.scenario;

import io.tidegate.fixture.EventStreamParser;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A client with its own loopback address that follows the list of sessions, by polling or on a stream. Records when it
 * learned of each change.
 */
final class OneOfMany {

    private static final String LIST = "/api/sessions";
    private static final long RETRY_MILLIS = 1_000;

    private final Vertx vertx;
    private final HttpClient client;
    private final int port;
    private final String token;
    private final Map<String, Long> seen = new ConcurrentHashMap<>();
    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicInteger answered = new AtomicInteger();
    private final AtomicInteger failures = new AtomicInteger();
    private volatile boolean stopped;
    private Set<String> before = new HashSet<>();

    OneOfMany(Vertx vertx, int number, int port, String token) {
        this.vertx = vertx;
        this.port = port;
        this.token = token;
        this.client = vertx.createHttpClient(new HttpClientOptions().setLocalAddress("127.0.1." + (number + 1)));
    }

    /** Returns when the client learned of a change, by {@link System#nanoTime}, or 0 if it has not. */
    long seen(String change) {
        return seen.getOrDefault(change, 0L);
    }

    /** Returns the number of responses with status 429. */
    int refused() {
        return refused.get();
    }

    /** Returns the number of requests that got no response and were repeated. */
    int failures() {
        return failures.get();
    }

    /** Sends no further requests. */
    void stop() {
        stopped = true;
    }

    /** Returns the number of responses, including streams. */
    int answered() {
        return answered.get();
    }

    /**
     * Polls the list once, and then an interval after each response, as a page does with {@code setTimeout}.
     *
     * @param also the path of an additional request each time; empty for none
     */
    void poll(long everyMillis, String also) {
        get(LIST, list -> {
            compare(list);
            if (also.isEmpty()) {
                vertx.setTimer(everyMillis, timer -> poll(everyMillis, also));
            } else {
                get(also, one -> vertx.setTimer(everyMillis, timer -> poll(everyMillis, also)));
            }
        });
    }

    void stream() {
        EventStreamParser parser = new EventStreamParser();
        send("/api/sse/sessions", "text/event-stream", response -> {
            count(response);
            response.handler(
                    bytes -> parser.feed(bytes.getBytes()).forEach(message -> read(new JsonObject(message.data()))));
        });
    }

    private interface Then<T> {
        void accept(T value);
    }

    private void get(String path, Then<Buffer> then) {
        send(path, "application/json", response -> {
            count(response);
            long wait = response.statusCode() == 429 ? Long.parseLong(response.getHeader("Retry-After")) : 0;
            response.body().onSuccess(body -> {
                if (wait > 0) {
                    vertx.setTimer(wait * 1000, timer -> get(path, then));
                } else {
                    then.accept(body);
                }
            });
        });
    }

    private void send(String path, String accept, Then<HttpClientResponse> then) {
        RequestOptions request = new RequestOptions()
                .setMethod(HttpMethod.GET)
                .setHost("127.0.0.1")
                .setPort(port)
                .setURI(path)
                .putHeader("Accept", accept);
        if (!token.isEmpty()) {
            request.putHeader("Authorization", "Bearer " + token);
        }
        if (!stopped) {
            client.request(request)
                    .compose(it -> it.send())
                    .onSuccess(then::accept)
                    .onFailure(failed -> {
                        failures.incrementAndGet();
                        vertx.setTimer(RETRY_MILLIS, timer -> send(path, accept, then));
                    });
        }
    }

    private void count(HttpClientResponse response) {
        answered.incrementAndGet();
        if (response.statusCode() == 429) {
            refused.incrementAndGet();
        }
    }

    private void read(JsonObject event) {
        String type = event.getString("type", "");
        if (type.equals("session_created") || type.equals("session_terminated")) {
            record(type + ' ' + event.getJsonObject("session").getString("id"));
        }
    }

    private void compare(Buffer list) {
        Set<String> now = new HashSet<>();
        JsonArray sessions = new JsonObject(list).getJsonArray("sessions");
        sessions.forEach(session -> now.add(((JsonObject) session).getString("id")));
        List<String> gone = new ArrayList<>(before);
        gone.removeAll(now);
        now.forEach(id -> record("session_created " + id));
        gone.forEach(id -> record("session_terminated " + id));
        before = now;
    }

    private void record(String change) {
        seen.putIfAbsent(change, System.nanoTime());
    }
}
