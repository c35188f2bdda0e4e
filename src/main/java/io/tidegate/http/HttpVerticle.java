package io.tidegate.http;

import io.tidegate.adapter.grip.Holds;
import io.tidegate.delivery.hub.Hub;
import io.tidegate.delivery.sse.Streams;
import io.tidegate.edge.client.TrustedProxies;
import io.tidegate.edge.connection.ConnectionLimits;
import io.tidegate.edge.tls.Certificates;
import io.tidegate.event.bus.Batch;
import io.tidegate.proxy.OriginProxy;
import io.tidegate.proxy.ResponseInterceptor;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/** One event loop's share of the clients: its connections, its hub and its streams. */
public final class HttpVerticle extends AbstractVerticle {

    /** How long requests that are under way when the streams have ended may take. */
    private static final int LAST_ANSWERS_SECONDS = 3;

    private final NodeServices shared;
    private final Optional<Certificates> certificates;
    private NodeServices.Options options;
    private RequestSanity edges;
    private Handler<HttpServerRequest> router = ignored -> {};
    private Future<HttpServer> server = Future.failedFuture("not started");
    private Supplier<Future<Void>> drain = Future::succeededFuture;
    private Consumer<NodeServices.Options> takeOver = ignored -> {};
    private Optional<OpenStreams> mine = Optional.empty();
    private Runnable beforeTurn = () -> {};

    /** @param certificates none for plain HTTP */
    public HttpVerticle(NodeServices shared, NodeServices.Options options, Optional<Certificates> certificates) {
        this.shared = shared;
        this.certificates = certificates;
        this.options = options;
        this.edges = new RequestSanity(options.http());
    }

    @Override
    public void start(Promise<Void> started) {
        MessageConsumer<Batch> batches = vertx.eventBus().consumer(Batch.ADDRESS);
        // The hub begins at the journal's head as it is once batches are received, so that none falls between.
        batches.pause().handler(ignored -> {});
        batches.completion()
                .compose(ignored -> {
                    Hub hub = new Hub(
                            task -> context.runOnContext(turn -> {
                                beforeTurn.run();
                                task.run();
                            }),
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
                options.streams(),
                shared.listeners().streams(),
                shared.internals());
        beforeTurn = streams::endExpired;
        Optional<Holds> holds = Holds.of(
                context,
                hub,
                shared.journal(),
                shared.grip(),
                shared.clock(),
                shared.listeners().holds());
        mine = Optional.of(new OpenStreams(streams, holds));
        OriginProxy proxy = new OriginProxy(
                vertx,
                shared.internals(),
                shared.origins(),
                TrustedProxies.NONE,
                shared.listeners().origins(),
                holds.map(Holds::hold).orElse(ResponseInterceptor.NONE));
        drain = () -> Future.join(
                        streams.drain(),
                        holds.map(held -> held.drain(options.streams().drainWindow()))
                                .orElseGet(Future::succeededFuture))
                .mapEmpty();
        takeOver = given -> {
            options = given;
            streams.use(given.streams());
            proxy.use(TrustedProxies.parse(given.http().trustedProxies()));
            edges = new RequestSanity(given.http());
            Routes routes = new Routes(vertx, shared, given, hub, streams, proxy, edges);
            holds.ifPresent(held -> held.use(routes.guests()));
            router = routes.router();
        };
        takeOver.accept(options);
        ProblemHandler failures = new ProblemHandler(shared.listeners().problems());
        HttpServerOptions sockets = serverOptions();
        server = vertx.createHttpServer(sockets)
                .connectionHandler(connection -> {
                    shared.internals()
                            .prepareServer(
                                    connection,
                                    sockets,
                                    options.http().limits(),
                                    shared.listeners().problems());
                    Shedding.admit(connection, shared.headroom());
                })
                .requestHandler(request -> {
                    edges.stamp(request);
                    router.handle(request);
                })
                .invalidRequestHandler(request -> {
                    edges.stamp(request);
                    failures.unreadable(request);
                })
                .listen(port(), options.http().host());
        return server;
    }

    /**
     * Goes on with these options: what comes in from now on is answered by routes that are built of them, and open
     * streams behave by them. Where the server listens and how its sockets are set stays. Safe from any thread.
     *
     * @return done when this loop has them
     */
    public Future<Void> use(NodeServices.Options given) {
        return Future.future(done -> context.runOnContext(ignored -> {
            takeOver.accept(given);
            done.complete();
        }));
    }

    /**
     * Asks this loop about its streams. Safe from any thread.
     *
     * @return empty while it has not started; completed on this loop
     */
    public <T> Future<Optional<T>> ask(Function<OpenStreams, T> question) {
        return Future.future(done -> context.runOnContext(ignored -> done.complete(mine.map(question))));
    }

    /**
     * Goes on with the certificate as it now is, for this loop and all that listen on the same port; what is connected
     * stays. Safe from any thread.
     */
    public Future<Boolean> useCertificate() {
        return server.compose(
                listening -> listening.updateSSLOptions(serverOptions().getSslOptions()));
    }

    /** The same free port for all loops of the node: a negative one is chosen once for each deployment. */
    private int port() {
        int port = options.http().port();
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

    private HttpServerOptions serverOptions() {
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
