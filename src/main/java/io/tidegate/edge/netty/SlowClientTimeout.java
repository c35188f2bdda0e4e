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
 * Closes an HTTP/1 connection if its client takes too long to complete a request head, to send a body, or to send the
 * next request, or if the framing of a body is invalid and its end is therefore unknown. There is no timeout while a
 * response is pending, so streams, long polls and slow origins may take as long as they need. The handler removes
 * itself when the connection becomes a WebSocket.
 *
 * <p>The handler is placed after the decoder and the encoder, so it sees complete messages; it recognizes an incomplete
 * head by a read that produced no message. A connection has at most one timer. Owned by one event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // if a write or close fails, the handlers see the channel close
final class SlowClientTimeout extends ChannelDuplexHandler {

    private static final String NAME = "slow-client-timeout";
    private static final String LATE = "the request did not arrive in time";
    /**
     * How many times per {@code readTime}, while a body is being received, to check whether the gateway has paused
     * reading.
     */
    private static final int BODY_CHECKS = 4;

    private final long headNanos;
    private final long idleNanos;
    private final long bodyCheckNanos;
    private final BodyDeadline body;
    private final ProblemMetrics metrics;

    private @Nullable ScheduledFuture<?> timer;
    private long due;
    private int pendingResponses;
    private boolean readMessage;
    private boolean inBody;
    private boolean inHead;
    private boolean hadRequest;
    private boolean responding;
    /** The time at which the current wait began, as a {@link System#nanoTime} value. */
    private long since = System.nanoTime();

    /** The number of body bytes received by the current read. */
    private long bytes;

    private SlowClientTimeout(ConnectionLimits limits, ProblemMetrics metrics) {
        this.headNanos = limits.headTime().toNanos();
        this.idleNanos = limits.idleTime().toNanos();
        this.bodyCheckNanos = limits.readTime().toNanos() / BODY_CHECKS;
        this.body = new BodyDeadline(limits);
        this.metrics = metrics;
    }

    /**
     * Installs the handler before the last one in the pipeline. Must be called before anything is read from the
     * connection.
     */
    static void install(ChannelHandlerContext last, ConnectionLimits limits, ProblemMetrics metrics) {
        last.pipeline().addBefore(last.name(), NAME, new SlowClientTimeout(limits, metrics));
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        scheduleCheck(ctx, headNanos);
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
            pendingResponses++;
            hadRequest = true;
            inHead = false;
            inBody = true;
            restart();
            body.restart(since);
        }
        if (message instanceof HttpContent content) {
            if (content.decoderResult().isFailure() && !(message instanceof HttpRequest)) {
                content.release();
                inBody = false;
                end(ctx, canRespond(), Code.MALFORMED_REQUEST, "the framing of the body must be valid");
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
            long now = System.nanoTime();
            body.received(bytes, now);
            scheduleCheck(ctx, Math.min(bodyCheckNanos, body.left(now)));
        } else if (!readMessage && pendingResponses == 0 && !inHead) {
            inHead = true;
            restart();
            scheduleCheck(ctx, headNanos);
        }
        readMessage = false;
        bytes = 0;
        ctx.fireChannelReadComplete();
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        boolean head = message instanceof HttpResponse;
        int status = head ? ((HttpResponse) message).status().code() : 200;
        if (head) {
            ConnectionField.stateOwnVersion((HttpResponse) message);
        }
        ctx.write(message, promise);
        if (status == 101) {
            ctx.pipeline().remove(this);
        } else if (status >= 200) {
            boolean last =
                    message instanceof LastHttpContent || message instanceof VertxHttpObject object && object.isEnded();
            responding = !last;
            if (last) {
                responseEnded(ctx);
            }
        }
    }

    private void responseEnded(ChannelHandlerContext ctx) {
        pendingResponses = Math.max(0, pendingResponses - 1);
        if (pendingResponses == 0 && !inBody) {
            restart();
            scheduleCheck(ctx, idleNanos);
        }
    }

    private void restart() {
        since = System.nanoTime();
    }

    /** Schedules a check after the given time, unless one is due earlier. */
    private void scheduleCheck(ChannelHandlerContext ctx, long nanos) {
        long at = System.nanoTime() + nanos;
        if (!ctx.channel().isActive() || timer != null && due - at <= 0) {
            return;
        }
        if (timer != null) {
            timer.cancel(false);
        }
        due = at;
        timer = ctx.executor().schedule(() -> check(ctx), nanos, TimeUnit.NANOSECONDS);
    }

    private void check(ChannelHandlerContext ctx) {
        timer = null;
        if (inBody) {
            checkBody(ctx);
        } else if (pendingResponses == 0) {
            long waited = System.nanoTime() - since;
            long timeout = inHead || !hadRequest ? headNanos : idleNanos;
            if (waited < timeout) {
                scheduleCheck(ctx, timeout - waited);
            } else {
                end(ctx, inHead, Code.REQUEST_TIMEOUT, LATE);
            }
        }
    }

    private void checkBody(ChannelHandlerContext ctx) {
        long now = System.nanoTime();
        if (!ctx.channel().config().isAutoRead()) {
            body.restart(now); // The gateway itself has paused reading.
        }
        if (body.left(now) <= 0) {
            end(ctx, canRespond(), Code.REQUEST_TIMEOUT, LATE);
        } else {
            scheduleCheck(ctx, Math.min(bodyCheckNanos, body.left(now)));
        }
    }

    /** Returns whether a response sent now would be the response to the request whose body is being read. */
    private boolean canRespond() {
        return pendingResponses == 1 && !responding;
    }

    /**
     * Closes the connection, with a final response if possible.
     *
     * @param respond whether there is a request to respond to and a response can still be sent
     */
    private void end(ChannelHandlerContext ctx, boolean respond, Code code, String detail) {
        ChannelHandlerContext encoder = ctx.pipeline().context(Internals.ENCODER);
        if (!respond || encoder == null) {
            ctx.close();
            return;
        }
        metrics.count(code);
        // The response bypasses the encoder, which may be waiting for the server's response.
        encoder.writeAndFlush(encode(code, detail)).addListener(ChannelFutureListener.CLOSE);
    }

    private static ByteBuf encode(Code code, String detail) {
        return Unpooled.copiedBuffer(ProblemResponse.last(Problem.of(code, detail)), StandardCharsets.US_ASCII);
    }
}
