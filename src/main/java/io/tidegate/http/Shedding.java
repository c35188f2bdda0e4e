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
import java.util.function.Consumer;

/**
 * Refuses new work while the node has no room for it. Pages, lists, small publishes and the streams that are open go on.
 * Belongs to one event loop.
 */
final class Shedding {

    /** What a body may have while memory is short. */
    private static final int SMALL = 16 << 10;

    private static final Problem OVERLOADED =
            new Problem(Code.OVERLOADED, "this node cannot take more at present; what it has goes on", 5);

    private final Headroom headroom;
    private final StreamHandlers streams;
    private final int maxBody;

    /** @param maxBody what a body of unknown length may become */
    Shedding(Headroom headroom, StreamHandlers streams, int maxBody) {
        this.headroom = headroom;
        this.streams = streams;
        this.maxBody = maxBody;
    }

    /** Closes a connection that cannot be kept. */
    static void admit(HttpConnection connection, Headroom headroom) {
        connection.closeHandler(closed -> headroom.disconnected());
        if (!headroom.connected()) {
            connection.close();
        }
    }

    /** Before a handler that opens a stream. The connection of whoever is refused is not kept either. */
    Handler<RoutingContext> stream(Handler<RoutingContext> open) {
        return ctx -> {
            if (!headroom.descriptorsShort() && !headroom.heapShort()) {
                open.handle(ctx);
                return;
            }
            // One of HTTP/2 has others on it.
            if (ctx.request().version() != HttpVersion.HTTP_2) {
                ctx.addEndHandler(answered -> ctx.request().connection().close());
            }
            streams.refuse(ctx, OVERLOADED);
        };
    }

    /**
     * Before a request is passed on, which takes a descriptor besides its own.
     *
     * @param before what a request that an origin covers has to pass first
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

    /** Before a body is read. */
    void body(RoutingContext ctx) {
        long bytes = length(ctx.request());
        if (headroom.heapShort() && bytes > SMALL || !headroom.reserve(bytes)) {
            ctx.fail(OVERLOADED.toException());
            return;
        }
        ctx.addEndHandler(answered -> headroom.release(bytes));
        ctx.next();
    }

    /** What a body may cost at most: one that says it is too large is not read. */
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
