package io.tidegate.edge.netty;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.MultiMap;
import org.jspecify.annotations.Nullable;

/**
 * Owned by one event loop. Corrects the HTTP/1 client of Vert.x on a connection to an origin: the client sends no
 * trailers, it mistakes an unknown interim response for the final one (RFC 9110 15.2 allows a proxy to discard it), and
 * it sees {@code close} in {@code Connection} only if nothing else is in the field.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write or close ends the channel, and its handlers see that
final class ClientCodecFixes extends ChannelDuplexHandler {

    private static final String NAME = "client-codec-fixes";
    /** How many interim responses to one request are discarded; the next one is passed on. */
    private static final int MAX_INTERIM = 16;

    private @Nullable MultiMap trailers;
    private int discarded;
    private boolean discarding;

    private ClientCodecFixes() {}

    static void install(ChannelHandlerContext last) {
        // An origin may respond and close the connection before it has read the whole request. A write that fails then
        // must not close the connection before the response has been read.
        last.channel().config().setAutoClose(false);
        last.pipeline().addBefore(last.name(), NAME, new ClientCodecFixes());
    }

    static void trailers(ChannelHandlerContext last, MultiMap trailers) {
        if (last.pipeline().get(NAME) instanceof ClientCodecFixes fixes) {
            fixes.trailers = trailers;
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof HttpResponse head) {
            ConnectionField.isolate(head);
            int status = head.status().code();
            discarding = status > 101 && status < 200 && status != 103 && ++discarded <= MAX_INTERIM;
            if (status >= 200) {
                discarded = 0;
            }
        }
        if (!discarding) {
            ctx.fireChannelRead(message);
            return;
        }
        ReferenceCountUtil.release(message);
        if (message instanceof LastHttpContent) {
            discarding = false;
        }
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        MultiMap pending = trailers;
        if (pending != null && message instanceof LastHttpContent) {
            trailers = null;
            LastHttpContent whole = new DefaultLastHttpContent(((HttpContent) message).content());
            pending.forEach((name, value) -> whole.trailingHeaders().add(name, value));
            ctx.write(whole, promise);
        } else {
            ctx.write(message, promise);
        }
    }
}
