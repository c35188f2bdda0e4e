package io.tidegate.adapter.tap;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidegate.adapter.tap.TapMetrics.Outcome;
import io.tidegate.edge.client.TrustedProxies;
import io.tidegate.edge.netty.Internals;
import io.tidegate.event.Draft;
import io.tidegate.journal.Journal;
import io.tidegate.journal.memory.MemoryJournal;
import io.tidegate.meter.TakenCounts;
import io.tidegate.proxy.OriginProxy;
import io.tidegate.proxy.ResponseInterceptor;
import io.tidegate.proxy.origin.Origin;
import io.tidegate.proxy.origin.Origins;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Runs taps in front of the proxy with a service behind it. Records the drafts and outcomes of the taps. */
final class TapBed {

    private final HttpClient client = HttpClient.newHttpClient();
    final BlockingQueue<Draft> drafts = new LinkedBlockingQueue<>();
    private final MeterRegistry registry = new SimpleMeterRegistry();
    private final TakenCounts outcomes = new TakenCounts(registry, "tap.events", "outcome");
    private volatile Handler<HttpServerRequest> service = request -> {};
    private volatile Function<Draft, Future<Boolean>> outlet = draft -> {
        drafts.add(draft);
        return Future.succeededFuture(true);
    };
    private volatile int port;

    /**
     * Starts the server and the service behind it.
     *
     * @param vertx the Vert.x instance of the test, which closes it
     */
    TapBed(Vertx vertx, Tap... taps) throws Exception {
        HttpServer origin = vertx.createHttpServer()
                .requestHandler(request -> service.handle(request))
                .listen(0, "127.0.0.1")
                .await(20, TimeUnit.SECONDS);
        Origins origins = new Origins(
                List.of(new Origin("/", URI.create("http://127.0.0.1:" + origin.actualPort()))), registry, 100);
        Journal journal = new MemoryJournal(Clock.systemUTC(), Map.of());
        vertx.deployVerticle(new VerticleBase() {
                    @Override
                    public Future<?> start() {
                        Taps tapped = new Taps(
                                List.of(taps),
                                journal,
                                Clock.systemUTC(),
                                draft -> outlet.apply(draft),
                                new TapMetrics(registry));
                        OriginProxy proxy = new OriginProxy(
                                vertx, Internals.USED, origins, TrustedProxies.NONE, ResponseInterceptor.NONE);
                        Router router = Router.router(vertx);
                        router.route().handler(ctx -> {
                            tapped.observe(ctx);
                            proxy.handle(ctx);
                        });
                        return vertx.createHttpServer()
                                .requestHandler(router)
                                .listen(0, "127.0.0.1")
                                .onSuccess(server -> port = server.actualPort());
                    }
                })
                .await(20, TimeUnit.SECONDS);
    }

    int port() {
        return port;
    }

    TapBed service(Handler<HttpServerRequest> handler) {
        service = handler;
        return this;
    }

    TapBed service(int status, String body) {
        return service(request -> request.body().onSuccess(sent -> request.response()
                .setStatusCode(status)
                .putHeader("Content-Type", "application/json")
                .end(body)));
    }

    TapBed outlet(Function<Draft, Future<Boolean>> function) {
        outlet = function;
        return this;
    }

    /**
     * Sends a request and returns the response.
     *
     * @param fields further header fields: each name, followed by its value
     */
    HttpResponse<byte[]> send(String method, String path, String body, String... fields) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(30))
                .header("Content-Type", "application/json")
                .method(method, BodyPublishers.ofString(body));
        if (fields.length > 0) {
            request.headers(fields);
        }
        return client.send(request.build(), BodyHandlers.ofByteArray());
    }

    /** Returns the next draft as one line, or a description of the outcomes if no draft arrives in time. */
    String draft() throws InterruptedException {
        Draft draft = drafts.poll(20, TimeUnit.SECONDS);
        return draft == null
                ? "none, but " + outcomes.all()
                : draft.topic() + " " + draft.type() + " " + draft.key().orElse("-") + " " + draft.data();
    }

    Outcome outcome() throws InterruptedException {
        return Outcome.valueOf(outcomes.next().toUpperCase(Locale.ROOT));
    }
}
