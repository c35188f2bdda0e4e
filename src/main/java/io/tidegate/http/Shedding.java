package io.tidegate.http;

import io.tidegate.delivery.sse.StreamHandlers;
import io.tidegate.edge.overload.Headroom;
import io.tidegate.problem.Code;
import io.tidegate.problem.Problem;
import io.tidegate.proxy.OriginProxy;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Refuses new work while the node is overloaded. Pages, lists, small publishes and open streams are not affected. Owned
 * by one event loop.
 */
final class Shedding {

    /** The maximum size of a request body in bytes while memory is short. */
    private static final int SMALL = 16 << 10;

    private static final Problem OVERLOADED =
            new Problem(Code.OVERLOADED, "this node cannot accept more work at present", 5);

    private final Headroom headroom;
    private final StreamHandlers streams;
    private final int maxBody;

    /**
     * Creates an instance for one event loop. The headroom is shared with the other event loops.
     *
     * @param maxBody the size in bytes that is assumed for a body of unknown length
     */
    Shedding(Headroom headroom, StreamHandlers streams, int maxBody) {
        this.headroom = headroom;
        this.streams = streams;
        this.maxBody = maxBody;
    }

    /**
     * Counts a new connection, and closes the connection if there are too many.
     *
     * @param address the address towards whose share the connection counts; empty if it counts towards none
     */
    static void admit(HttpConnection connection, Headroom headroom, Optional<String> address) {
        if (!headroom.connected(address)) {
            connection.close();
        }
    }

    /** Wraps a handler that opens a stream. If the stream is refused, an HTTP/1 connection is also closed. */
    Handler<RoutingContext> stream(Handler<RoutingContext> open) {
        return ctx -> {
            if (!headroom.descriptorsShort() && !headroom.heapShort()) {
                open.handle(ctx);
                return;
            }
            // An HTTP/2 connection is kept, because it may carry other streams.
            if (ctx.request().version() != HttpVersion.HTTP_2) {
                ctx.addEndHandler(answered -> ctx.request().connection().close());
            }
            streams.refuse(ctx, OVERLOADED);
        };
    }

    /**
     * Wraps the proxy. Requests are refused while file descriptors are short, because each forwarded request needs
     * another one.
     *
     * @param before called for each request that an origin covers, before the request is forwarded
     */
    Handler<RoutingContext> toOrigin(OriginProxy proxy, Consumer<RoutingContext> before) {
        return ctx -> {
            boolean covered = proxy.covers(ctx.request().path());
            if (covered && headroom.descriptorsShort()) {
                ctx.fail(OVERLOADED.toException());
                return;
            }
            if (covered) {
                before.accept(ctx);
            }
            proxy.handle(ctx);
        };
    }

    /** Reserves memory for a body before it is read, or refuses the request. */
    void body(RoutingContext ctx) {
        long bytes = length(ctx.request());
        if (headroom.heapShort() && bytes > SMALL || !headroom.reserve(bytes)) {
            ctx.fail(OVERLOADED.toException());
            return;
        }
        ctx.addEndHandler(answered -> headroom.release(bytes));
        ctx.next();
    }

    /** Returns the maximum size that the request's body can reach. A body with a larger declared size is not read. */
    private long length(HttpServerRequest request) {
        String given = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        if (given == null) {
            return request.headers().contains(HttpHeaders.TRANSFER_ENCODING) ? maxBody : 0;
        }
        try {
            return Math.min(Math.max(0, Long.parseLong(given)), maxBody);
        } catch (NumberFormatException beyondALong) {
            return maxBody;
        }
    }
}
