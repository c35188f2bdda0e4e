package io.tidegate.proxy;

import io.tidegate.edge.client.TrustedProxies;
import io.tidegate.edge.message.RequestHead;
import io.tidegate.edge.netty.Internals;
import io.tidegate.problem.Code;
import io.tidegate.problem.Problem;
import io.tidegate.proxy.origin.Origin;
import io.tidegate.proxy.origin.Origins;
import io.tidegate.proxy.origin.TrafficClass;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Owned by one event loop. Passes a request to the origin with the longest matching prefix, and its answer back: method,
 * path, query, headers and bodies as they came, bodies while they arrive and no faster than the other side reads.
 * Requests that no origin covers go to the next handler.
 *
 * <p>Fails the context with {@code ORIGIN_UNREACHABLE}, {@code ORIGIN_TIMEOUT} or {@code ORIGIN_BUSY} while nothing has
 * been answered; cuts the connection afterwards. A client that goes away ends the request at the origin.
 *
 * <p>Relies on its caller for this: a handler before it that is not done at once has paused the request, or its body is
 * lost; no body handler has read it.
 */
public final class OriginProxy implements Handler<RoutingContext> {

    private final Internals internals;
    private final Origins origins;
    private final OriginClients clients;
    private final ResponseInterceptor hold;
    private RequestRewriter passage;
    private List<OriginPool> ways = List.of();

    /** To be made on the event loop that will use it, so that connections to origins live on the same one. */
    public OriginProxy(
            Vertx vertx, Internals internals, Origins origins, TrustedProxies trusted, ResponseInterceptor hold) {
        this.internals = internals;
        this.origins = origins;
        this.clients = new OriginClients(vertx, internals);
        this.hold = hold;
        this.passage = new RequestRewriter(new Forwarding(trusted), hold);
        reconfigure(trusted);
    }

    /** Goes by the origins as they are now, and by these proxies; what is on its way is not disturbed. */
    public void reconfigure(TrustedProxies trusted) {
        List<OriginPool> before = ways;
        passage = new RequestRewriter(new Forwarding(trusted), hold);
        ways = origins.current().stream()
                .map(servers -> before.stream()
                        .filter(way -> way.servers() == servers)
                        .findFirst()
                        .orElseGet(() -> new OriginPool(servers, clients)))
                .toList();
    }

    /**
     * The origin with the longest prefix of whole segments.
     *
     * @param path as received, {@link HttpServerRequest#path()}: never decoded, since it is passed on undecoded
     */
    public Optional<Origin> originFor(@Nullable String path) {
        return Optional.ofNullable(wayFor(path)).map(OriginPool::origin);
    }

    private @Nullable OriginPool wayFor(@Nullable String path) {
        if (path != null) {
            for (OriginPool way : ways) {
                if (way.origin().covers(path)) {
                    return way;
                }
            }
        }
        return null;
    }

    /** Whether a request with this path, as received, belongs to an origin. */
    public boolean covers(@Nullable String path) {
        return wayFor(path) != null;
    }

    @Override
    public void handle(RoutingContext ctx) {
        HttpServerRequest request = ctx.request();
        OriginPool way = wayFor(request.path());
        if (isAmbiguous(ctx, way)) {
            ctx.fail(Problem.of(Code.INVALID_TARGET, "path or host can be read in more than one way")
                    .toException());
        } else if (way == null) {
            ctx.next();
        } else if (Tunnel.wanted(request)) {
            new Tunnel(ctx, way, passage).open();
        } else {
            new HttpExchange(ctx, internals, way, TrafficClass.of(request), passage).start();
        }
    }

    public Future<Void> close() {
        return clients.close();
    }

    /**
     * Whether an origin might take the request for another one than the guards before us did: the path means another
     * origin once decoded and without dots, the target is no plain path, or it is not clear which host is meant.
     */
    private boolean isAmbiguous(RoutingContext ctx, @Nullable OriginPool way) {
        HttpServerRequest request = ctx.request();
        return way != wayFor(ctx.normalizedPath())
                || way != null
                        && (!request.uri().startsWith("/")
                                || request.uri().indexOf('#') >= 0
                                || !RequestHead.namesOneHost(request));
    }
}
