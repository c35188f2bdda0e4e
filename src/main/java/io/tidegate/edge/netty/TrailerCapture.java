package io.tidegate.edge.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.tidegate.edge.message.HopByHop;
import io.tidegate.edge.message.Trailers;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the trailers of an HTTP/1.1 request, which the Vert.x server reads and discards. Only the most recent trailers
 * are kept: if a client pipelines another request before the previous one has been forwarded, the trailers of the
 * previous one may be lost, which HTTP permits. Owned by one event loop.
 */
final class TrailerCapture extends ChannelInboundHandlerAdapter {

    private static final String NAME = "trailers";

    private @Nullable HttpHeaders head;
    private @Nullable HttpHeaders owner;
    private @Nullable HttpHeaders trailers;

    private TrailerCapture() {}

    /**
     * Installs the handler before the last one in the pipeline of an HTTP/1 connection. Must be called before anything
     * is read from the connection.
     */
    static void install(ChannelHandlerContext last) {
        last.pipeline().addBefore(last.name(), NAME, new TrailerCapture());
    }

    /** Removes the handler from a connection that will carry no further requests. */
    static void remove(Channel channel) {
        if (channel.pipeline().get(NAME) != null) {
            channel.pipeline().remove(NAME);
        }
    }

    /** Returns the forwardable trailers of a request that has ended. */
    static Optional<MultiMap> of(HttpServerRequest request) {
        ConnectionBase connection = (ConnectionBase) request.connection();
        if (!(connection.channelHandlerContext().pipeline().get(NAME) instanceof TrailerCapture kept)
                || kept.trailers == null
                || kept.owner != (Object) request.headers()) {
            return Optional.empty();
        }
        MultiMap forwarded = MultiMap.caseInsensitiveMultiMap();
        Trailers.copy(kept.trailers, HopByHop.named(request.headers()), forwarded);
        return forwarded.isEmpty() ? Optional.empty() : Optional.of(forwarded);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof HttpRequest request) {
            head = request.headers();
        }
        if (message instanceof LastHttpContent last && !last.trailingHeaders().isEmpty()) {
            owner = head;
            trailers = last.trailingHeaders();
        }
        ctx.fireChannelRead(message);
    }
}
