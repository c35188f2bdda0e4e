package io.tidegate.edge.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.vertx.core.http.HttpConnection;
import java.time.Duration;

/**
 * Closes an HTTP/1 connection after its next final response, and announces this with {@code Connection: close}
 * (<a href="https://www.rfc-editor.org/rfc/rfc9112#section-9.6">RFC 9112, 9.6</a>). Vert.x closes connections without
 * announcing it.
 */
@SuppressWarnings("FutureReturnValueIgnored") // if a write or close fails, the handlers see the channel close
final class CloseAfterResponse extends ChannelOutboundHandlerAdapter {

    private static final String NAME = "closeAfterResponse";

    private final HttpConnection connection;
    private final Duration limit;

    private CloseAfterResponse(HttpConnection connection, Duration limit) {
        this.connection = connection;
        this.limit = limit;
    }

    /** Installs the handler, unless the connection has become a tunnel or already has the handler. */
    static void install(HttpConnection connection, Channel channel, Duration limit) {
        if (channel.pipeline().get(Internals.ENCODER) != null
                && channel.pipeline().get(NAME) == null) {
            channel.pipeline().addAfter(Internals.ENCODER, NAME, new CloseAfterResponse(connection, limit));
        }
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        // An interim response is followed by another one, and after 101 (Switching Protocols) the connection is not
        // HTTP.
        if (message instanceof HttpResponse response
                && response.status().codeClass() != HttpStatusClass.INFORMATIONAL) {
            response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
            connection.shutdown(limit);
        }
        ctx.write(message, promise);
    }
}
