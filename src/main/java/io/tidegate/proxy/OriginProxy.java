package io.tidegate.proxy;

import io.tidegate.edge.client.TrustedProxies;
import io.tidegate.edge.message.RequestHead;
import io.tidegate.edge.netty.Internals;
import io.tidegate.problem.Code;
import io.tidegate.problem.LogLimit;
import io.tidegate.problem.Problem;
import io.tidegate.proxy.origin.Origin;
import io.tidegate.proxy.origin.Origins;
import io.tidegate.proxy.origin.TrafficClass;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Forwards a request to the origin with the longest matching prefix and relays the response. The method, path, query,
 * headers and bodies are forwarded as received; bodies are streamed with back-pressure. Requests that no origin covers
 * are passed to the next handler. Owned by one event loop.
 *
 * <p>On failure, fails the context with {@code ORIGIN_UNREACHABLE}, {@code ORIGIN_TIMEOUT} or {@code ORIGIN_BUSY} if
 * the response has not begun, and otherwise resets the response. When the client disconnects, the request to the origin
 * is aborted.
 *
 * <p>Callers must ensure that no body handler has read the request, and that any earlier handler that completes
 * asynchronously has paused the request; otherwise the request body is lost.
 */
public final class OriginProxy implements Handler<RoutingContext> {

    private static final Problem DRAINING = new Problem(Code.DRAINING, "this node is shutting down", 5);

    private final Internals internals;
    private final Origins origins;
    private final OriginClients clients;
    private final ResponseInterceptor interceptor;
    private final Via via;
    private RequestRewriter rewriter;
    private List<OriginPool> pools = List.of();
    private final Tunnels tunnels;
    private int requestsInProgress;
    /** The exchanges whose clients asked for an event stream. */
    private final Set<HttpExchange> streams = new LinkedHashSet<>();

    private boolean draining;

    /**
     * Creates a proxy. Must be called on the event loop that uses the proxy, so that connections to origins belong to
     * the same loop.
     */
    public OriginProxy(
            Vertx vertx,
            Internals internals,
            Origins origins,
            TrustedProxies trusted,
            ResponseInterceptor interceptor) {
        this.internals = internals;
        this.origins = origins;
        this.clients = new OriginClients(vertx, internals);
        this.interceptor = interceptor;
        this.tunnels = new Tunnels(vertx);
        this.via = new Via(origins.gatewayName(), new LogLimit());
        this.rewriter = new RequestRewriter(new Forwarding(trusted, via), interceptor);
        reconfigure(trusted);
    }

    /**
     * Applies the current origins and the given trusted proxies to new requests; requests in progress are not affected.
     */
    public void reconfigure(TrustedProxies trusted) {
        List<OriginPool> before = pools;
        rewriter = new RequestRewriter(new Forwarding(trusted, via), interceptor);
        pools = origins.current().stream()
                .map(servers -> before.stream()
                        .filter(pool -> pool.servers() == servers)
                        .findFirst()
                        .orElseGet(() -> new OriginPool(servers, clients))
                        .trusting(trusted))
                .toList();
    }

    /**
     * Returns the origin with the longest prefix that covers the path in whole segments.
     *
     * @param path the path as received, that is, {@link HttpServerRequest#path()}; it must not be decoded, because
     *     paths are forwarded undecoded
     */
    public Optional<Origin> originFor(@Nullable String path) {
        return Optional.ofNullable(poolFor(path)).map(OriginPool::origin);
    }

    private @Nullable OriginPool poolFor(@Nullable String path) {
        if (path != null) {
            for (OriginPool pool : pools) {
                if (pool.origin().covers(path)) {
                    return pool;
                }
            }
        }
        return null;
    }

    /** Returns whether an origin covers this path, which must be as received. */
    public boolean covers(@Nullable String path) {
        return poolFor(path) != null;
    }

    /**
     * Returns whether the origin for this request allows the page that sent the request to open WebSockets with the
     * gateway's cookie.
     */
    public boolean admitsPage(HttpServerRequest request) {
        String page = request.getHeader(HttpHeaders.ORIGIN);
        return page != null
                && originFor(request.path())
                        .filter(origin -> origin.fields().admitsPage(page))
                        .isPresent();
    }

    @Override
    public void handle(RoutingContext ctx) {
        HttpServerRequest request = ctx.request();
        OriginPool pool = poolFor(request.path());
        if (isAmbiguous(ctx, pool)) {
            ctx.fail(Problem.of(Code.INVALID_TARGET, "path and host must not be ambiguous")
                    .toException());
        } else if (pool == null) {
            ctx.next();
        } else if (draining) {
            ctx.fail(DRAINING.toException());
        } else if (request.method().equals(HttpMethod.CONNECT)) {
            // An origin does not provide tunnels to other addresses (RFC 9110 9.3.6).
            ctx.fail(Problem.of(Code.NOT_IMPLEMENTED, "CONNECT must not be used here")
                    .toException());
        } else if (!via.ends(ctx)) {
            forward(ctx, pool);
        }
    }

    private void forward(RoutingContext ctx, OriginPool pool) {
        Optional<Tunnel> tunnel = Tunnel.of(ctx, internals, pool, rewriter, tunnels);
        if (tunnel.isPresent()) {
            tunnel.get().open();
        } else if (pool.origin().strips()
                && pool.origin().prefix().equals(ctx.request().path())) {
            redirect(ctx);
        } else {
            requestsInProgress++;
            ctx.addEndHandler(ended -> requestsInProgress--);
            TrafficClass trafficClass = TrafficClass.of(ctx.request());
            HttpExchange exchange = new HttpExchange(ctx, internals, pool, trafficClass, rewriter);
            if (trafficClass == TrafficClass.STREAMS) {
                streams.add(exchange);
                ctx.addEndHandler(ended -> streams.remove(exchange));
            }
            exchange.start();
        }
    }

    /**
     * Redirects from {@code /shop} to {@code /shop/}: the origin receives {@code /} for both, but relative references
     * in its page need the slash. The location is relative, because a proxy in front may serve the gateway under a
     * path.
     */
    private static void redirect(RoutingContext ctx) {
        String path = String.valueOf(ctx.request().path());
        String query = ctx.request().query();
        ctx.request().resume();
        ctx.response()
                .setStatusCode(308)
                .putHeader(
                        HttpHeaders.LOCATION,
                        "." + path.substring(path.lastIndexOf('/')) + '/' + (query == null ? "" : '?' + query))
                .end();
    }

    /** Refuses new requests, because the node is shutting down. Requests in progress and tunnels continue. */
    public void drain() {
        draining = true;
        tunnels.drain();
    }

    /** Ends the event streams of origins whose clients reconnect, so that they do so to another node. */
    public void endStreams() {
        List.copyOf(streams).forEach(HttpExchange::endStream);
    }

    /** Returns the number of requests in progress, not counting tunnels. */
    public int requestsInProgress() {
        return requestsInProgress;
    }

    /** Returns whether a client connection has become a tunnel. */
    public boolean isTunnel(HttpConnection client) {
        return tunnels.contains(client);
    }

    /** Closes all tunnels as described in {@link Tunnels#close}. */
    public Future<Void> closeTunnels(Duration limit) {
        return tunnels.close(limit);
    }

    public Future<Void> close() {
        return clients.close();
    }

    /**
     * Returns whether an origin might interpret the request differently from the guards that precede this handler. This
     * is the case if decoding the path and removing its dot segments would select another origin, if the target is not
     * a plain path, or if the request does not name exactly one host.
     */
    private boolean isAmbiguous(RoutingContext ctx, @Nullable OriginPool pool) {
        HttpServerRequest request = ctx.request();
        return pool != poolFor(ctx.normalizedPath())
                || pool != null
                        && (!request.uri().startsWith("/")
                                || request.uri().indexOf('#') >= 0
                                || !RequestHead.namesOneHost(request));
    }
}
