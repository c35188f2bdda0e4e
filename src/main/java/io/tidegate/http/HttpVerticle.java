package io.tidegate.http;

import io.tidegate.edge.connection.ConnectionLimits;
import io.tidegate.edge.tls.Certificates;
import io.tidegate.event.bus.Batch;
import io.tidegate.event.loop.LoopVerticle;
import io.vertx.core.Future;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One event loop's share of the clients: builds its {@link ClientLoop}, listens, swaps it for new options, and drains it. */
public final class HttpVerticle extends LoopVerticle {

    /** How long requests in progress may take once the streams have ended. */
    private static final int LAST_ANSWERS_SECONDS = 3;

    private final NodeServices services;
    private final NodeServices.Options initial;
    private final Optional<Certificates> certificates;
    private volatile Future<HttpServer> server = Future.failedFuture("not started");
    private @Nullable ClientLoop clients;

    /** @param certificates empty for plain HTTP */
    public HttpVerticle(NodeServices services, NodeServices.Options options, Optional<Certificates> certificates) {
        this.services = services;
        this.initial = options;
        this.certificates = certificates;
    }

    @Override
    public Future<?> start() {
        MessageConsumer<Batch> batches = vertx.eventBus().consumer(Batch.ADDRESS);
        // Batches are received, and kept, before the hub reads the head that it begins at: none falls between.
        batches.pause().handler(ignored -> {});
        return batches.completion().compose(receiving -> {
            clients = ClientLoop.open(loop(), services, initial);
            batches.handler(message -> clients().accept(message.body())).resume();
            server = listen();
            return server;
        });
    }

    private ClientLoop clients() {
        return Objects.requireNonNull(clients, "the verticle has not been started");
    }

    private Future<HttpServer> listen() {
        HttpServerOptions sockets = serverOptions();
        return vertx.createHttpServer(sockets)
                .connectionHandler(connection -> {
                    services.internals()
                            .prepareServer(
                                    connection,
                                    sockets,
                                    clients().options().http().limits(),
                                    services.metrics().problems());
                    Shedding.admit(connection, services.headroom());
                })
                .requestHandler(request -> clients().handle(request))
                .invalidRequestHandler(request -> clients().handleUnreadable(request))
                .listen(port(), initial.http().host());
    }

    /**
     * Applies other options: requests from now on are answered by routes built from them, and open streams follow them.
     * The listening address and the options of its sockets stay. Safe from any thread.
     *
     * @return completes when this loop has applied them
     */
    public Future<Void> reconfigure(NodeServices.Options given) {
        return loop().call(() -> {
            clients = clients().reconfigured(given);
            return null;
        });
    }

    /**
     * Asks this loop about its streams. Safe from any thread.
     *
     * @return completes on this loop; empty if it has not started
     */
    public <T> Future<Optional<T>> ask(Function<OpenStreams, T> question) {
        return loop().call(() ->
                Optional.ofNullable(clients).map(ClientLoop::openStreams).map(question));
    }

    /**
     * Uses the certificate as it is now, for this loop and all that listen on the same port; open connections stay. Safe
     * from any thread.
     */
    public Future<Boolean> useCertificate() {
        return server.compose(
                listening -> listening.updateSSLOptions(serverOptions().getSslOptions()));
    }

    /** The same free port for all loops of the node: a negative one is chosen once for each deployment. */
    private int port() {
        int port = initial.http().port();
        return port == 0 ? -1 : port;
    }

    /** The port clients reach; 0 before the start. */
    public int actualPort() {
        return server.succeeded() ? server.result().actualPort() : 0;
    }

    /** Requests are still answered while the streams end: those for streams in-band, publishes as ever. */
    @Override
    public Future<?> stop() {
        return clients()
                .drain()
                .transform(drained -> server)
                .compose(listening -> listening.shutdown(LAST_ANSWERS_SECONDS, TimeUnit.SECONDS));
    }

    private HttpServerOptions serverOptions() {
        NodeServices.Options options = clients().options();
        ConnectionLimits limits = options.http().limits();
        HttpServerOptions sockets = new HttpServerOptions()
                .setMaxInitialLineLength(limits.requestLineBytes())
                .setMaxHeaderSize(limits.headerBytes())
                .setTcpNoDelay(true)
                .setReuseAddress(true)
                .setAcceptBacklog(4096)
                .setSendBufferSize(options.streams().sendBuffer())
                // A peer that vanished is noticed by the next heartbeat that nobody acknowledges for this long.
                .setTcpUserTimeout((int) options.streams().maxLag().toMillis())
                // Behind a gateway the upgrade to clear-text HTTP/2 is a way around the guards of the proxy before it.
                .setHttp2ClearTextEnabled(false)
                // Tunnels pass what the two ends agreed on; the server itself never speaks the WebSocket protocol.
                .setPerMessageWebSocketCompressionSupported(false)
                .setPerFrameWebSocketCompressionSupported(false)
                // Nothing but its own loop writes to a connection, so none needs a queue for other threads: 4 KiB each.
                .setStrictThreadMode(true)
                .setDecompressionSupported(false)
                .setCompressionSupported(false);
        certificates.ifPresent(found -> found.applyTo(sockets, limits));
        return sockets;
    }
}
