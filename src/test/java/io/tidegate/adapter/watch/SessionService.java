package io.tidegate.adapter.watch;

import io.tidegate.proxy.origin.Origin;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** An HTTP service with its own sessions: a list, {@code POST} and {@code DELETE}. Tests can make its list fail. */
public final class SessionService {

    public static final String PATH = "/api/sessions";

    private final Vertx vertx;
    private final Map<String, JsonObject> sessions = new LinkedHashMap<>();
    private final AtomicInteger polls = new AtomicInteger();
    private final AtomicInteger concurrent = new AtomicInteger();
    private final AtomicInteger maxConcurrent = new AtomicInteger();
    private volatile Handler<HttpServerRequest> list = this::respond;
    private volatile Promise<Void> held = Promise.promise();
    private HttpServer server;

    /**
     * Starts the service on a free port.
     *
     * @param vertx the Vert.x instance of the test, which closes it
     */
    public SessionService(Vertx vertx) throws Exception {
        this.vertx = vertx;
        server = listen(0);
        held.complete();
    }

    private HttpServer listen(int port) throws Exception {
        return vertx.createHttpServer()
                .requestHandler(this::handle)
                .listen(port, "127.0.0.1")
                .await(20, TimeUnit.SECONDS);
    }

    public Origin origin(String prefix) {
        return new Origin(prefix, URI.create("http://127.0.0.1:" + server.actualPort()));
    }

    Vertx vertx() {
        return vertx;
    }

    public synchronized void put(String id, String user) {
        sessions.put(id, new JsonObject().put("id", id).put("user", user));
    }

    synchronized void remove(String id) {
        sessions.remove(id);
    }

    public synchronized JsonObject json() {
        JsonArray list = new JsonArray();
        sessions.values().forEach(list::add);
        return new JsonObject().put("sessions", list);
    }

    /** Replaces the handler for list requests. */
    public void list(Handler<HttpServerRequest> handler) {
        list = handler;
    }

    public void recover() {
        list = this::respond;
    }

    public void respond(HttpServerRequest request) {
        request.response().putHeader("Content-Type", "application/json").end(json().encode());
    }

    /** Delays the responses to {@code POST} until {@link #releaseResponses}; the sessions are created immediately. */
    public void holdResponses() {
        held = Promise.promise();
    }

    public void releaseResponses() {
        held.complete();
    }

    public int polls() {
        return polls.get();
    }

    int maxConcurrent() {
        return maxConcurrent.get();
    }

    /** Stops listening. */
    void down() throws Exception {
        server.close().await(20, TimeUnit.SECONDS);
    }

    void up() throws Exception {
        server = listen(server.actualPort());
    }

    private void handle(HttpServerRequest request) {
        if (request.method().equals(HttpMethod.GET)) {
            polls.incrementAndGet();
            maxConcurrent.accumulateAndGet(concurrent.incrementAndGet(), Math::max);
            request.response().endHandler(end -> concurrent.decrementAndGet());
            list.handle(request);
        } else if (request.method().equals(HttpMethod.POST)) {
            request.body().onSuccess(body -> {
                JsonObject session = body.toJsonObject();
                put(session.getString("id"), session.getString("user"));
                Runnable answer = () -> request.response()
                        .setStatusCode(201)
                        .putHeader("Content-Type", "application/json")
                        .end(session.encode());
                held.future().onSuccess(go -> answer.run());
            });
        } else {
            remove(request.path().substring(PATH.length() + 1));
            request.response().setStatusCode(204).end();
        }
    }
}
