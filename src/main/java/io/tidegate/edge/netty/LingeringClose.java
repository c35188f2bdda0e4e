package io.tidegate.edge.netty;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.TimeUnit;

/**
 * Closes an HTTP/2 connection only once its client has closed it or has stopped sending data. After GOAWAY, the client
 * closes the connection when it has read all responses
 * (<a href="https://www.rfc-editor.org/rfc/rfc9113#section-6.8">RFC 9113, 6.8</a>), and until then it sends
 * WINDOW_UPDATE frames for the data that it reads. If such a frame arrives after the socket was closed, the kernel
 * resets the connection, and any part of a response that the client has not read yet is lost.
 */
@SuppressWarnings("FutureReturnValueIgnored") // if a write or close fails, the channel is closed anyway
final class LingeringClose extends ChannelDuplexHandler {

    private static final String NAME = "lingeringClose";
    /** If the client sends nothing for this time, the connection is closed. */
    private static final long IDLE_SECONDS = 2;

    private boolean closing;
    private boolean received;

    private LingeringClose() {}

    /**
     * Installs the handler unless the connection already has it.
     *
     * @param http2 the context of the HTTP/2 handler, which closes the connection when all streams have ended
     */
    static void install(ChannelHandlerContext http2) {
        if (http2.pipeline().get(NAME) == null) {
            http2.pipeline().addBefore(http2.name(), NAME, new LingeringClose());
        }
    }

    @Override
    public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
        if (!ctx.channel().isActive()) {
            ctx.close(promise);
            return;
        }
        ctx.channel().closeFuture().addListener(closed -> promise.trySuccess());
        if (!closing) {
            closing = true;
            ctx.channel().config().setAutoRead(true);
            // Writes keep their order, so an empty write completes after all earlier ones.
            ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(flushed -> awaitEnd(ctx));
        }
    }

    private void awaitEnd(ChannelHandlerContext ctx) {
        received = false;
        ctx.executor()
                .schedule(
                        () -> {
                            if (received && ctx.channel().isActive()) {
                                awaitEnd(ctx);
                            } else {
                                ctx.close();
                            }
                        },
                        IDLE_SECONDS,
                        TimeUnit.SECONDS);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (closing) {
            received = true;
            ReferenceCountUtil.release(message);
        } else {
            ctx.fireChannelRead(message);
        }
    }
}
