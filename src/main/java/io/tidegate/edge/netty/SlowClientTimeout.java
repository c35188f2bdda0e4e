package io.tidegate.edge.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.concurrent.ScheduledFuture;
import io.tidegate.edge.connection.ConnectionLimits;
import io.tidegate.edge.message.ProblemResponse;
import io.tidegate.problem.Code;
import io.tidegate.problem.Problem;
import io.tidegate.problem.ProblemMetrics;
import io.vertx.core.http.impl.http1.VertxHttpObject;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Owned by one event loop. Ends an HTTP/1 connection whose client lets us wait: for the end of a head, for a body, for the
 * next request; or whose body cannot be read, so that nobody knows where it ends. While we owe an answer nobody is waited for but us, so that streams, long polls and slow origins take as
 * long as they take, and a connection that became a WebSocket is left alone.
 *
 * <p>Stands behind the decoder and the encoder, so it sees whole messages; of a head that is not whole it sees that a read
 * brought none. There is one timer for a connection at most, and none while an answer is under way.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write or close ends the channel, and its handlers see that
final class SlowClientTimeout extends ChannelDuplexHandler {

    private static final String NAME = "pace";
    private static final String LATE = "the request did not come in time";
    /** How often, while a body comes, it is seen whether we ourselves have stopped reading. */
    private static final int LOOKS = 4;

    private final long headNanos;
    private final long idleNanos;
    private final long leastBytes;
    private final ProblemMetrics metrics;

    private @Nullable ScheduledFuture<?> timer;
    private long due;
    private int unanswered;
    private boolean readMessage;
    private boolean inBody;
    private boolean inHead;
    private boolean used;
    private boolean answering;
    /** When what is waited for began, by {@link System#nanoTime}. */
    private long since = System.nanoTime();

    private long bytes;

    private SlowClientTimeout(ConnectionLimits limits, ProblemMetrics metrics) {
        this.headNanos = limits.headTime().toNanos();
        this.idleNanos = limits.idleTime().toNanos();
        this.leastBytes = (long) (limits.bodyRate() * (headNanos / 1e9));
        this.metrics = metrics;
    }

    /** To be installed in front of the last handler of a connection from which nothing was read yet. */
    static void install(ChannelHandlerContext last, ConnectionLimits limits, ProblemMetrics metrics) {
        last.pipeline().addBefore(last.name(), NAME, new SlowClientTimeout(limits, metrics));
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        watch(ctx, headNanos);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        if (timer != null) {
            timer.cancel(false);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        handlerRemoved(ctx);
        ctx.fireChannelInactive();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        readMessage = true;
        if (message instanceof HttpRequest) {
            unanswered++;
            used = true;
            inHead = false;
            inBody = true;
            begin();
        }
        if (message instanceof HttpContent content) {
            if (content.decoderResult().isFailure() && !(message instanceof HttpRequest)) {
                content.release();
                inBody = false;
                end(ctx, tellable(), Code.MALFORMED_REQUEST, "the body cannot be read");
                return;
            }
            bytes += content.content().readableBytes();
            inBody = !(message instanceof LastHttpContent);
        }
        ctx.fireChannelRead(message);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (inBody) {
            watch(ctx, headNanos / LOOKS);
        } else if (!readMessage && unanswered == 0 && !inHead) {
            inHead = true;
            begin();
            watch(ctx, headNanos);
        }
        readMessage = false;
        ctx.fireChannelReadComplete();
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        boolean head = message instanceof HttpResponse;
        int status = head ? ((HttpResponse) message).status().code() : 200;
        ctx.write(message, promise);
        if (status == 101) {
            ctx.pipeline().remove(this);
        } else if (status >= 200) {
            boolean last =
                    message instanceof LastHttpContent || message instanceof VertxHttpObject all && all.isEnded();
            answering = !last;
            if (last) {
                answered(ctx);
            }
        }
    }

    private void answered(ChannelHandlerContext ctx) {
        unanswered = Math.max(0, unanswered - 1);
        if (unanswered == 0 && !inBody) {
            begin();
            watch(ctx, idleNanos);
        }
    }

    private void begin() {
        since = System.nanoTime();
        bytes = 0;
    }

    /** Looks again this much later at the latest. */
    private void watch(ChannelHandlerContext ctx, long nanos) {
        long at = System.nanoTime() + nanos;
        if (!ctx.channel().isActive() || timer != null && due - at <= 0) {
            return;
        }
        if (timer != null) {
            timer.cancel(false);
        }
        due = at;
        timer = ctx.executor().schedule(() -> look(ctx), nanos, TimeUnit.NANOSECONDS);
    }

    private void look(ChannelHandlerContext ctx) {
        timer = null;
        long waited = System.nanoTime() - since;
        if (inBody) {
            lookAtBody(ctx, waited);
        } else if (unanswered == 0) {
            long most = inHead || !used ? headNanos : idleNanos;
            if (waited < most) {
                watch(ctx, most - waited);
            } else {
                end(ctx, inHead, Code.REQUEST_TIMEOUT, LATE);
            }
        }
    }

    private void lookAtBody(ChannelHandlerContext ctx, long waited) {
        if (!ctx.channel().config().isAutoRead()) {
            begin(); // It is we who cannot take more.
        } else if (waited >= headNanos) {
            if (bytes < leastBytes) {
                end(ctx, tellable(), Code.REQUEST_TIMEOUT, LATE);
                return;
            }
            begin();
        }
        watch(ctx, headNanos / LOOKS);
    }

    /** Whether it is clear that what is said now answers the request whose body comes. */
    private boolean tellable() {
        return unanswered == 1 && !answering;
    }

    /** @param tell whether an answer can be sent, and something was asked */
    private void end(ChannelHandlerContext ctx, boolean tell, Code code, String detail) {
        ChannelHandlerContext encoder = ctx.pipeline().context(Internals.ENCODER);
        if (!tell || encoder == null) {
            ctx.close();
            return;
        }
        metrics.count(code);
        // Past the encoder, which may wait for an answer of the server.
        encoder.writeAndFlush(answer(code, detail)).addListener(ChannelFutureListener.CLOSE);
    }

    private static ByteBuf answer(Code code, String detail) {
        return Unpooled.copiedBuffer(ProblemResponse.last(Problem.of(code, detail)), StandardCharsets.US_ASCII);
    }
}
