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
 * A client with a loopback address of its own that wants to know which sessions there are: it asks again and again, or
 * reads a stream. Notes when it knew of each change.
 */
final class OneOfMany {

    private static final String LIST = "/api/sessions";
    private static final long AGAIN_MILLIS = 1_000;

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

    /** When it knew, by {@link System#nanoTime}; 0 when it does not know. */
    long seen(String change) {
        return seen.getOrDefault(change, 0L);
    }

    /** How often it was answered 429. */
    int refused() {
        return refused.get();
    }

    /** How often there was no answer, and it asked again. */
    int failures() {
        return failures.get();
    }

    /** Asks no more. */
    void stop() {
        stopped = true;
    }

    /** How many answers, or streams, have come. */
    int answered() {
        return answered.get();
    }

    /**
     * Asks, and again so long after each answer, as a page does with {@code setTimeout}.
     *
     * @param also a path that is asked for as well each time; empty for none
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
        void go(T value);
    }

    private void get(String path, Then<Buffer> then) {
        send(path, "application/json", response -> {
            count(response);
            long wait = response.statusCode() == 429 ? Long.parseLong(response.getHeader("Retry-After")) : 0;
            response.body().onSuccess(body -> {
                if (wait > 0) {
                    vertx.setTimer(wait * 1000, timer -> get(path, then));
                } else {
                    then.go(body);
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
            client.request(request).compose(it -> it.send()).onSuccess(then::go).onFailure(failed -> {
                failures.incrementAndGet();
                vertx.setTimer(AGAIN_MILLIS, timer -> send(path, accept, then));
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
            note(type + ' ' + event.getJsonObject("session").getString("id"));
        }
    }

    private void compare(Buffer list) {
        Set<String> now = new HashSet<>();
        JsonArray sessions = new JsonObject(list).getJsonArray("sessions");
        sessions.forEach(session -> now.add(((JsonObject) session).getString("id")));
        List<String> gone = new ArrayList<>(before);
        gone.removeAll(now);
        now.forEach(id -> note("session_created " + id));
        gone.forEach(id -> note("session_terminated " + id));
        before = now;
    }

    private void note(String change) {
        seen.putIfAbsent(change, System.nanoTime());
    }
}
