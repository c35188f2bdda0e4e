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

    /** The maximum size of a request body while memory is short, in bytes. */
    private static final int SMALL = 16 << 10;

    private static final Problem OVERLOADED =
            new Problem(Code.OVERLOADED, "this node cannot accept more work at present", 5);

    private final Headroom headroom;
    private final StreamHandlers streams;
    private final int maxBody;

    /** @param maxBody the size to assume for a body of unknown length, in bytes */
    Shedding(Headroom headroom, StreamHandlers streams, int maxBody) {
        this.headroom = headroom;
        this.streams = streams;
        this.maxBody = maxBody;
    }

    /**
     * Counts a new connection, and closes it if there are too many.
     *
     * @param address the address whose share the connection counts towards
     */
    static void admit(HttpConnection connection, Headroom headroom, Optional<String> address) {
        if (!headroom.connected(address)) {
            connection.close();
        }
    }

    /** Wraps a handler that opens a stream. When the stream is refused, its connection is closed too. */
    Handler<RoutingContext> stream(Handler<RoutingContext> open) {
        return ctx -> {
            if (!headroom.descriptorsShort() && !headroom.heapShort()) {
                open.handle(ctx);
                return;
            }
            // An HTTP/2 connection may carry other streams.
            if (ctx.request().version() != HttpVersion.HTTP_2) {
                ctx.addEndHandler(answered -> ctx.request().connection().close());
            }
            streams.refuse(ctx, OVERLOADED);
        };
    }

    /**
     * Wraps the proxy: a forwarded request needs a second descriptor.
     *
     * @param before the callback for each request that an origin covers, before it is forwarded
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

    /** Returns the maximum size that a body can reach; one that declares a larger size is not read. */
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
