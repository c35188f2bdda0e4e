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
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** One event loop's share of the clients: its connections, its hub and its streams. */
public final class HttpVerticle extends AbstractVerticle {

    private final Shared shared;
    private Future<HttpServer> server = Future.failedFuture("not started");
    private Runnable drain = () -> {};

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
        HttpServerOptions options = options();
        server = vertx.createHttpServer(options)
                .connectionHandler(connection -> StrictDecoder.install(connection, options))
                .requestHandler(routes.router())
                .invalidRequestHandler(new Failures(shared.listeners().problems())::unreadable)
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
        drain.run();
        Duration patience = Duration.ofSeconds(5);
        server.compose(listening -> listening.shutdown(patience.toSeconds(), TimeUnit.SECONDS))
                .onComplete(done -> stopped.complete());
    }

    private HttpServerOptions options() {
        return new HttpServerOptions()
                .setTcpNoDelay(true)
                .setReuseAddress(true)
                .setAcceptBacklog(4096)
                .setSendBufferSize(shared.options().streams().sendBuffer())
                // Behind a gateway the upgrade to clear-text HTTP/2 is a way around the guards of the proxy before it.
                .setHttp2ClearTextEnabled(false)
                .setDecompressionSupported(false)
                .setCompressionSupported(false);
    }
}
