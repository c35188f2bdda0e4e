package io.tidegate.bench;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;

/**
 * An event stream server with faults that a test injects: for each published event, a {@link Behaviour} decides which
 * events are sent to the streams. The body of a publish request is the data of its event.
 */
final class FaultyServer {

    /** Decides what the server does. Every method is called on the server's only event loop. */
    interface Behaviour {

        /** Returns the numbers of the events to send now. Events are numbered from 0; this one was just published. */
        List<Integer> sendAfter(int event);

        default int publishStatus(int event) {
            return 200;
        }

        default int streamStatus(int stream) {
            return 200;
        }

        /** Returns whether a stream is refused in-band, that is, by an event on the stream. */
        default boolean busy(int stream) {
            return false;
        }

        /** Returns the beginning of a stream's body; if empty, only the head is sent. */
        default Optional<String> greeting() {
            return Optional.of(": here\n\n");
        }

        /** Returns whether to close all connections before the event is sent. */
        default boolean cutBefore(int event) {
            return false;
        }

        static Behaviour of(IntFunction<List<Integer>> sendAfter) {
            return sendAfter::apply;
        }
    }

    /** The {@code Last-Event-ID} of each stream that sent one. */
    final List<String> resumed = new CopyOnWriteArrayList<>();

    private final Behaviour behaviour;
    private final Map<Integer, HttpServerResponse> streams = new TreeMap<>();
    private final List<String> events = new ArrayList<>();
    private final HttpServer server;
    private final String scheme;
    private int requested;

    FaultyServer(Vertx vertx, Behaviour behaviour) throws Exception {
        this(vertx, behaviour, new HttpServerOptions());
    }

    /**
     * Starts the server.
     *
     * @param vertx the Vert.x instance of the test, which closes it
     */
    FaultyServer(Vertx vertx, Behaviour behaviour, HttpServerOptions options) throws Exception {
        this.behaviour = behaviour;
        this.scheme = options.isSsl() ? "https" : "http";
        this.server = vertx.createHttpServer(options)
                .requestHandler(this::handle)
                .listen(0, "127.0.0.1")
                .await(20, TimeUnit.SECONDS);
    }

    Target target() {
        URI url = URI.create(scheme + "://127.0.0.1:" + server.actualPort() + "/below");
        return new Target(url, "/sub", "/pub", "{data}", "text/plain", Optional.of("a-token"), false);
    }

    private void handle(HttpServerRequest request) {
        if (!"Bearer a-token".equals(request.getHeader("Authorization"))) {
            request.response().setStatusCode(401).end();
        } else if (request.path().equals("/below/sub")) {
            subscribe(request);
        } else if (request.path().equals("/below/pub")) {
            request.body().onSuccess(body -> publish(request, body));
        }
    }

    private void subscribe(HttpServerRequest request) {
        int number = requested++;
        HttpServerResponse response = request.response();
        int status = behaviour.streamStatus(number);
        if (status != 200) {
            response.setStatusCode(status).end("{\"code\":\"no-room\"}");
            return;
        }
        response.setChunked(true).putHeader("Content-Type", "text/event-stream");
        if (behaviour.busy(number)) {
            response.end("retry: 1\nevent: gateway.busy\ndata: {\"reason\":\"no-room\"}\n\n");
            return;
        }
        behaviour.greeting().ifPresentOrElse(response::write, response::writeHead);
        streams.put(number, response);
        response.closeHandler(closed -> streams.remove(number));
        String last = request.getHeader("Last-Event-ID");
        if (last != null) {
            resumed.add(last);
            for (int event = Integer.parseInt(last) + 1; event < events.size(); event++) {
                response.write(frame(event));
            }
        }
    }

    private void publish(HttpServerRequest request, Buffer body) {
        int event = events.size();
        events.add(body.toString());
        if (behaviour.cutBefore(event)) {
            List.copyOf(streams.values()).forEach(HttpServerResponse::reset);
            streams.clear();
        }
        for (int one : behaviour.sendAfter(event)) {
            streams.values().forEach(stream -> stream.write(frame(one)));
        }
        request.response().setStatusCode(behaviour.publishStatus(event)).end();
    }

    private String frame(int event) {
        return "id: " + event + "\ndata: " + events.get(event) + "\n\n";
    }
}
