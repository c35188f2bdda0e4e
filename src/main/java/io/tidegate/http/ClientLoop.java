package io.tidegate.http;

import io.tidegate.adapter.grip.Holds;
import io.tidegate.delivery.hub.Hub;
import io.tidegate.delivery.sse.Streams;
import io.tidegate.edge.client.TrustedProxies;
import io.tidegate.event.bus.Batch;
import io.tidegate.event.bus.NewEpoch;
import io.tidegate.event.loop.EventLoop;
import io.tidegate.proxy.OriginProxy;
import io.tidegate.proxy.ResponseInterceptor;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.Optional;

/**
 * The components that serve the clients of one event loop. Immutable: to apply new options, {@link HttpVerticle}
 * replaces this object with a new one that shares the hub, the streams, the held clients and the proxy, so that open
 * streams are kept. Owned by its event loop.
 */
final class ClientLoop {

    private final NodeServices services;
    private final NodeServices.Options options;
    private final EventLoop loop;
    private final Hub hub;
    private final Streams streams;
    private final Optional<Holds> holds;
    private final OriginProxy proxy;
    private final TrustedProxies proxies;
    private final RequestSanity sanity;
    private final Handler<HttpServerRequest> router;
    private final ProblemHandler problems;

    private ClientLoop(
            NodeServices services,
            NodeServices.Options options,
            EventLoop loop,
            Hub hub,
            Streams streams,
            Optional<Holds> holds,
            OriginProxy proxy) {
        this.services = services;
        this.options = options;
        this.loop = loop;
        this.hub = hub;
        this.streams = streams;
        this.holds = holds;
        this.proxy = proxy;
        this.problems = new ProblemHandler(services.metrics().problems());
        this.sanity = new RequestSanity(options.http(), proxy::admitsPage);
        this.proxies = options.http().proxies();
        proxy.reconfigure(proxies);
        Routes routes = new Routes(loop.vertx(), services, options, hub, streams, proxy, sanity);
        holds.ifPresent(held -> held.reconfigure(routes.guests()));
        this.router = routes.router();
    }

    /**
     * Creates the client loop of an event loop. Must be called on that event loop after the consumer of batches has
     * been registered, because the hub starts from the current head of the journal.
     */
    static ClientLoop open(EventLoop loop, NodeServices services, NodeServices.Options options) {
        loop.assertHere();
        Hub hub =
                new Hub(loop::run, services.metrics().hub(), services.journal().head());
        Streams streams = new Streams(
                loop,
                hub,
                services.journal(),
                services.clock(),
                options.streams(),
                services.metrics().streams(),
                services.internals(),
                services.headroom().outgoing());
        Optional<Holds> holds = Holds.of(
                loop,
                hub,
                services.journal(),
                services.grip(),
                services.clock(),
                services.metrics().holds());
        OriginProxy proxy = new OriginProxy(
                loop.vertx(),
                services.internals(),
                services.origins(),
                TrustedProxies.NONE,
                holds.map(Holds::interceptor).orElse(ResponseInterceptor.NONE));
        return new ClientLoop(services, options, loop, hub, streams, holds, proxy);
    }

    /** Returns a client loop with new options, which are also applied to open streams. */
    ClientLoop reconfigured(NodeServices.Options given) {
        loop.assertHere();
        streams.reconfigure(given.streams());
        return new ClientLoop(services, given, loop, hub, streams, holds, proxy);
    }

    NodeServices.Options options() {
        return options;
    }

    /** Returns the trusted proxies in front of the gateway. */
    TrustedProxies proxies() {
        return proxies;
    }

    void accept(Batch batch) {
        hub.accept(batch);
    }

    void begin(NewEpoch epoch) {
        hub.begin(epoch);
    }

    void handle(HttpServerRequest request) {
        sanity.addHeaders(request);
        if (request.method().equals(HttpMethod.OPTIONS) && request.uri().equals("*")) {
            // This request concerns the server as a whole (RFC 9110, 9.3.7), and no route can match it.
            request.response().setStatusCode(204).end();
        } else if (!request.uri().startsWith("/")) {
            problems.withoutPath(request);
        } else {
            router.handle(request);
        }
    }

    /** Responds to bytes that could not be parsed as a request. */
    void handleUnreadable(HttpServerRequest request) {
        sanity.addHeaders(request);
        problems.unreadable(request);
    }

    OpenStreams openStreams() {
        return new OpenStreams(streams, holds);
    }

    OriginProxy proxy() {
        return proxy;
    }

    /**
     * Refuses new requests to origins, ends the streams and held clients over the course of the drain window, and then
     * responds to long polls.
     *
     * @param limit the maximum duration of the window
     * @return a future that completes when all streams and held clients have ended
     */
    Future<Void> drain(Duration limit) {
        Duration window = options.streams().drainWindow();
        Duration spread = window.compareTo(limit) < 0 ? window : limit;
        proxy.drain();
        Future<Void> held = holds.map(open -> open.drain(spread)).orElseGet(Future::succeededFuture);
        return Future.join(streams.drain(spread), held).transform(ended -> {
            // Long polls end last because a client whose poll has ended sends the next one immediately, and the server
            // would still accept it.
            hub.drain();
            return Future.succeededFuture();
        });
    }
}
