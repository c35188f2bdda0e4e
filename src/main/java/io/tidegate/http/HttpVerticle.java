package io.tidegate.http;

import io.tidegate.edge.client.ClientAddress;
import io.tidegate.edge.client.TrustedProxies;
import io.tidegate.edge.connection.ConnectionLimits;
import io.tidegate.edge.overload.Headroom;
import io.tidegate.edge.tls.Certificates;
import io.tidegate.event.bus.Batch;
import io.tidegate.event.bus.NewEpoch;
import io.tidegate.event.loop.LoopVerticle;
import io.vertx.core.Future;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.SocketAddress;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Serves clients on one event loop: creates its {@link ClientLoop}, listens for connections, replaces the client loop
 * when the options change, and drains it on shutdown.
 */
public final class HttpVerticle extends LoopVerticle {

    private static final int MAX_CHUNK_BYTES = 64 << 10;

    private final NodeServices services;
    private final NodeServices.Options initial;
    private final Optional<Certificates> certificates;
    private volatile Future<HttpServer> server = Future.failedFuture("not started");
    private @Nullable ClientLoop clients;
    private final OpenConnections connections;

    /**
     * Creates a verticle that has not started.
     *
     * @param certificates the certificates; empty for plain HTTP
     */
    public HttpVerticle(NodeServices services, NodeServices.Options options, Optional<Certificates> certificates) {
        this.services = services;
        this.connections = new OpenConnections(services.internals());
        this.initial = options;
        this.certificates = certificates;
    }

    @Override
    public Future<?> start() {
        MessageConsumer<Batch> batches = vertx.eventBus().consumer(Batch.ADDRESS);
        // The consumer is registered and buffers batches before the hub reads the head of the journal from which it
        // starts, so that no batch is missed.
        batches.pause().handler(ignored -> {});
        return batches.completion().compose(receiving -> {
            clients = ClientLoop.open(loop(), services, initial);
            batches.handler(message -> clients().accept(message.body())).resume();
            vertx.eventBus()
                    .<NewEpoch>consumer(NewEpoch.ADDRESS, message -> clients().begin(message.body()));
            server = listen();
            return server;
        });
    }

    private ClientLoop clients() {
        return Objects.requireNonNull(clients, "the verticle has not been started");
    }

    private Future<HttpServer> listen() {
        HttpServerOptions sockets = serverOptions();
        HttpServer unbound = vertx.createHttpServer(sockets)
                .connectionHandler(connection -> {
                    HttpOptions http = clients().options().http();
                    TrustedProxies proxies = clients().proxies();
                    if (http.proxyProtocol() && !proxies.trusts(connection.remoteAddress(true))) {
                        connection.close();
                        return;
                    }
                    Headroom headroom = services.headroom();
                    services.internals()
                            .prepareServer(
                                    connection,
                                    sockets,
                                    http.limits(),
                                    headroom,
                                    services.metrics().problems());
                    Optional<String> address =
                            proxies.untrustedPeer(connection.remoteAddress()).map(ClientAddress::site);
                    connections.add(connection, () -> headroom.disconnected(address));
                    Shedding.admit(connection, headroom, address);
                })
                .requestHandler(request -> clients().handle(request))
                .invalidRequestHandler(request -> clients().handleUnreadable(request));
        return initial.http()
                .socket()
                .map(socket -> unbound.listen(
                        SocketAddress.domainSocketAddress(socket.path().toString())))
                .orElseGet(() -> unbound.listen(port(), initial.http().host()));
    }

    /**
     * Applies new options to new requests and to open streams. The listening address and the socket options do not
     * change. Thread-safe.
     *
     * @return a future that completes when this loop has applied the options
     */
    public Future<Void> reconfigure(NodeServices.Options given) {
        return loop().call(() -> {
            clients = clients().reconfigured(given);
            return null;
        });
    }

    /**
     * Applies a function to the open streams on this loop. Thread-safe.
     *
     * @return a future that completes on this loop; its result is empty if the verticle has not started
     */
    public <T> Future<Optional<T>> query(Function<OpenStreams, T> question) {
        return loop().call(() ->
                Optional.ofNullable(clients).map(ClientLoop::openStreams).map(question));
    }

    /**
     * Uses the current certificate for new connections on all loops that listen on the same port. Open connections are
     * kept. Thread-safe.
     */
    public Future<Boolean> useCertificate() {
        return server.compose(
                listening -> listening.updateSSLOptions(serverOptions().getSslOptions()));
    }

    /**
     * Returns the port to listen on. A negative port makes Vert.x choose the same free port for all instances of a
     * deployment.
     */
    private int port() {
        int port = initial.http().port();
        return port == 0 ? -1 : port;
    }

    /** Returns the port on which the server is listening, or 0 if it is not yet listening. */
    public int actualPort() {
        return server.succeeded() ? server.result().actualPort() : 0;
    }

    /**
     * Stops serving clients on this loop, as described by {@link Drain}. Thread-safe.
     *
     * @param limit the time limit for requests in progress
     * @param close the time after which every remaining connection is closed
     * @return a future with the work that was cut off
     */
    public Future<Unfinished> drain(Duration limit, Duration close) {
        return server.compose(listening ->
                        loop().call(() -> new Drain(loop(), listening, clients(), connections).run(limit, close)))
                .compose(drained -> drained);
    }

    /**
     * Closes the WebSockets of this loop with a closing handshake, which may take up to this time limit. Thread-safe.
     */
    public Future<Void> closeWebSockets(Duration limit) {
        return loop().call(() -> clients().proxy().closeTunnels(limit)).compose(closed -> closed);
    }

    /** Closes the server and the connections that {@link #drain} has left open. */
    @Override
    public Future<?> stop() {
        return server.compose(HttpServer::close);
    }

    private HttpServerOptions serverOptions() {
        NodeServices.Options options = clients().options();
        ConnectionLimits limits = options.http().limits();
        HttpServerOptions sockets = new HttpServerOptions()
                .setMaxInitialLineLength(limits.requestLineBytes())
                .setMaxHeaderSize(limits.headerBytes())
                .setTcpNoDelay(true)
                .setReuseAddress(true)
                .setUseProxyProtocol(options.http().proxyProtocol())
                .setProxyProtocolTimeout(limits.headTime().toMillis())
                .setProxyProtocolTimeoutUnit(TimeUnit.MILLISECONDS)
                .setAcceptBacklog(4096)
                // The amount that is read from a socket at a time is also the chunk size in which large bodies are
                // forwarded.
                .setMaxChunkSize(MAX_CHUNK_BYTES)
                // An upgrade to clear-text HTTP/2 could bypass the guards of a proxy in front of the gateway.
                .setHttp2ClearTextEnabled(false)
                // Tunnels forward the extensions that both ends have negotiated; the server itself does not use
                // WebSockets.
                .setPerMessageWebSocketCompressionSupported(false)
                .setPerFrameWebSocketCompressionSupported(false)
                // Only a connection's event loop writes to it, so the connection does not need a queue of 4 KiB for
                // writes by other threads.
                .setStrictThreadMode(true)
                .setDecompressionSupported(false)
                .setCompressionSupported(false);
        certificates.ifPresent(found -> found.applyTo(sockets, limits));
        return sockets;
    }
}
