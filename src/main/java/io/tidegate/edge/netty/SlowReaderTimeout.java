package io.tidegate.edge.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Limits the resources held by a client that does not read its responses: closes the connection when its socket has
 * accepted none of the pending bytes for a while, and reads no further requests from an HTTP/1 connection while
 * responses are pending, so that a client cannot pile up responses by pipelining requests. The handler removes itself
 * when the connection becomes a WebSocket. Event streams have a separate limit.
 *
 * <p>A timer runs only while bytes may be pending. It samples the channel's outbound buffer, because Netty reports only
 * completed writes and not their progress. Owned by one event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // if a write or close fails, the handlers see the channel close
final class SlowReaderTimeout extends ChannelDuplexHandler {

    private static final String NAME = "slow-reader-timeout";
    private static final int SAMPLES = 4;

    private final long timeoutNanos;
    private boolean scheduled;
    private boolean disabled;
    private boolean inRequest;
    /** Whether this handler, rather than the server, has paused reading. */
    private boolean paused;
    /** The message that was being written at the last sample that showed progress; null before the first sample. */
    private @Nullable Object sampled;

    private long sampledProgress;
    private long since;

    private SlowReaderTimeout(Duration timeout) {
        this.timeoutNanos = timeout.toNanos();
    }

    /** Installs the handler before the last one in the pipeline. */
    static void install(ChannelHandlerContext last, Duration timeout) {
        last.pipeline().addBefore(last.name(), NAME, new SlowReaderTimeout(timeout));
    }

    /** Lifts the limit for a connection whose response becomes an event stream. */
    static void disable(Channel channel) {
        if (channel.pipeline().get(NAME) instanceof SlowReaderTimeout timeout) {
            timeout.disabled = true;
            if (!timeout.paused) {
                // An idle event stream should take up as little memory as possible.
                channel.pipeline().remove(timeout);
            }
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof HttpRequest) {
            inRequest = true;
        }
        boolean last = message instanceof LastHttpContent;
        inRequest &= !last;
        ctx.fireChannelRead(message);
        if (last) {
            pauseUnlessWritable(ctx);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        // The server handles the event first, because reading that the server has paused must not be resumed here.
        resume(ctx);
        ctx.fireChannelReadComplete();
        pauseUnlessWritable(ctx);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (ctx.channel().isWritable()) {
            resume(ctx);
        }
        ctx.fireChannelWritabilityChanged();
    }

    /**
     * Pauses reading while responses are pending, but not within a body: a client may read the response only after it
     * has sent its whole request.
     */
    private void pauseUnlessWritable(ChannelHandlerContext ctx) {
        ChannelConfig config = ctx.channel().config();
        if (!inRequest && !ctx.channel().isWritable() && config.isAutoRead()) {
            paused = true;
            config.setAutoRead(false);
        }
    }

    private void resume(ChannelHandlerContext ctx) {
        if (paused) {
            paused = false;
            ctx.channel().config().setAutoRead(true);
        }
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        ctx.write(message, promise);
        if (message instanceof HttpResponse head && head.status().code() == 101) {
            resume(ctx);
            ctx.pipeline().remove(this);
        } else if (!scheduled && !disabled) {
            sampled = null;
            schedule(ctx);
        }
    }

    private void schedule(ChannelHandlerContext ctx) {
        scheduled = true;
        ctx.executor().schedule(() -> check(ctx), timeoutNanos / SAMPLES, TimeUnit.NANOSECONDS);
    }

    private void check(ChannelHandlerContext ctx) {
        scheduled = false;
        ChannelOutboundBuffer queue = ctx.channel().unsafe().outboundBuffer();
        Object current = queue == null ? null : queue.current();
        if (current == null || disabled || ctx.isRemoved()) {
            sampled = null;
            return;
        }
        long now = System.nanoTime();
        if (sampled != current || sampledProgress != queue.currentProgress()) {
            sampled = current;
            sampledProgress = queue.currentProgress();
            since = now;
        } else if (now - since >= timeoutNanos) {
            // The connection is reset so that the kernel discards the bytes that the client has not read.
            ctx.channel().config().setOption(ChannelOption.SO_LINGER, 0);
            ctx.close();
            return;
        }
        schedule(ctx);
    }
}
