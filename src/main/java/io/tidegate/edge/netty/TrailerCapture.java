package io.tidegate.edge.netty;

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
 * Owned by one event loop. Keeps what follows the body of an HTTP/1.1 request, which Vert.x' server reads and forgets. It
 * keeps one request's, those of the last that had any: a client that sends the next before this one was passed on may
 * lose them, as trailers may be on any way.
 */
final class TrailerCapture extends ChannelInboundHandlerAdapter {

    private static final String NAME = "trailers";

    private @Nullable HttpHeaders head;
    private @Nullable HttpHeaders owner;
    private @Nullable HttpHeaders trailers;

    private TrailerCapture() {}

    /** To be installed in front of the last handler of an HTTP/1 connection from which nothing was read yet. */
    static void install(ChannelHandlerContext last) {
        last.pipeline().addBefore(last.name(), NAME, new TrailerCapture());
    }

    /** Those of a request that has ended, as far as they may pass. */
    static Optional<MultiMap> of(HttpServerRequest request) {
        ConnectionBase connection = (ConnectionBase) request.connection();
        if (!(connection.channelHandlerContext().pipeline().get(NAME) instanceof TrailerCapture kept)
                || kept.trailers == null
                || kept.owner != (Object) request.headers()) {
            return Optional.empty();
        }
        MultiMap passed = MultiMap.caseInsensitiveMultiMap();
        Trailers.copy(kept.trailers, HopByHop.named(request.headers()), passed);
        return passed.isEmpty() ? Optional.empty() : Optional.of(passed);
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
