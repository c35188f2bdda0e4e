package io.tidegate.http;

import io.tidegate.event.Batch;
import io.tidegate.hub.Hub;
import io.tidegate.sse.Streams;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** One event loop's share of the clients: its connections, its hub and its streams. */
public final class HttpVerticle extends AbstractVerticle {

    /** How long requests that are under way when the streams have ended may take. */
    private static final int LAST_ANSWERS_SECONDS = 3;

    private final Shared shared;
    private Future<HttpServer> server = Future.failedFuture("not started");
    private Supplier<Future<Void>> drain = Future::succeededFuture;

    public HttpVerticle(Shared shared) {
        this.shared = shared;
    }

    @Override
    public void start(Promise<Void> started) {
        MessageConsumer<Batch> batches = vertx.eventBus().consumer(Batch.ADDRESS);
        // The hub begins at the journal's head as it is once batches are received, so that none falls between.
        batches.pause().handler(ignored -> {});
        batches.completion()
                .compose(ignored -> {
                    Hub hub = new Hub(
                            task -> context.runOnContext(turn -> task.run()),
                            shared.listeners().hub(),
                            shared.journal().head());
                    batches.handler(message -> hub.accept(message.body())).resume();
                    return listen(hub);
                })
                .<Void>mapEmpty()
                .onComplete(started);
    }

    private Future<HttpServer> listen(Hub hub) {
        Streams streams = new Streams(
                context,
                hub,
                shared.journal(),
                shared.clock(),
                shared.options().streams(),
                shared.listeners().streams());
        drain = streams::drain;
        Routes routes = new Routes(vertx, shared, hub, streams);
        server = vertx.createHttpServer(options())
                .requestHandler(routes.router())
                .listen(port(), shared.options().http().host());
        return server;
    }

    /** The same free port for all loops of the node: a negative one is chosen once for each deployment. */
    private int port() {
        int port = shared.options().http().port();
        return port == 0 ? -1 : port;
    }

    /** The port clients reach; 0 before the start. */
    public int actualPort() {
        return server.succeeded() ? server.result().actualPort() : 0;
    }

    @Override
    public void stop(Promise<Void> stopped) {
        // New requests are answered while the streams end: those for streams in-band, publishes as ever.
        drain.get()
                .transform(drained -> server)
                .compose(listening -> listening.shutdown(LAST_ANSWERS_SECONDS, TimeUnit.SECONDS))
                .onComplete(done -> stopped.complete());
    }

    private HttpServerOptions options() {
        return new HttpServerOptions()
                .setTcpNoDelay(true)
                .setReuseAddress(true)
                .setAcceptBacklog(4096)
                .setSendBufferSize(shared.options().streams().sendBuffer())
                // A peer that vanished is noticed by the next heartbeat that nobody acknowledges for this long.
                .setTcpUserTimeout((int) shared.options().streams().maxLag().toMillis())
                // Behind a gateway the upgrade to clear-text HTTP/2 is a way around the guards of the proxy before it.
                .setHttp2ClearTextEnabled(false)
                .setHandle100ContinueAutomatically(true)
                .setDecompressionSupported(false)
                .setCompressionSupported(false);
    }
}
