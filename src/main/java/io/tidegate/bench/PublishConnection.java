package io.tidegate.bench;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoop;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.tidegate.bench.wire.Dialer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One connection that publishes, one event at a time, and connects anew when it was closed. Owned by one event loop. */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write or close ends the channel, and its handlers see that
final class PublishConnection {

    /** Who is told of what becomes of the lane. */
    interface Owner {

        /** The lane can take an event. */
        void idle(PublishConnection lane);

        /** The event that was sent has been answered: with nothing when the target has it, or with why it may not have. */
        void answered(PublishConnection lane, Optional<String> failure);

        /** The lane cannot connect. */
        void unreachable(PublishConnection lane, String reason);
    }

    private static final int MAX_ANSWER = 1 << 20;
    private static final int MAX_REASON = 400;

    private final EventLoop loop;
    private final Dialer dialer;
    private final Owner owner;
    private final List<Sequence> series = new ArrayList<>();
    private int turn;
    private @Nullable Channel channel;
    private boolean waiting;
    private boolean closed;
    private long sentAt;

    PublishConnection(EventLoop loop, Dialer dialer, Owner owner) {
        this.loop = loop;
        this.dialer = dialer;
        this.owner = owner;
    }

    void carry(Sequence one) {
        series.add(one);
    }

    /** The series whose turn it is. */
    Sequence nextSeries() {
        turn = (turn + 1) % series.size();
        return series.get(turn);
    }

    /** The series of the event that was sent last. */
    Sequence currentSeries() {
        return series.get(turn);
    }

    long sentAt() {
        return sentAt;
    }

    void connect() {
        ChannelFuture dialled =
                dialer.dial(loop, new HttpResponseDecoder(), new HttpObjectAggregator(MAX_ANSWER), new Answers());
        dialled.addListener(connected -> {
            if (connected.isSuccess()) {
                channel = dialled.channel();
                owner.idle(this);
            } else {
                owner.unreachable(this, String.valueOf(connected.cause().getMessage()));
            }
        });
    }

    /** Whether it is connected; a lane that has lost its connection says itself when it has another. */
    boolean ready() {
        return channel != null && channel.isActive();
    }

    /** Sends one request, whole; the lane must be ready. */
    void send(ByteBuf request) {
        waiting = true;
        sentAt = System.nanoTime();
        Objects.requireNonNull(channel).writeAndFlush(request, channel.voidPromise());
    }

    void close() {
        closed = true;
        if (channel != null) {
            channel.close();
        }
    }

    private void answer(Optional<String> failure, boolean usable) {
        if (waiting) {
            waiting = false;
            owner.answered(this, failure);
        }
        if (usable) {
            owner.idle(this);
        } else if (!closed && channel != null) {
            channel.close();
            channel = null;
            connect();
        }
    }

    private final class Answers extends SimpleChannelInboundHandler<FullHttpResponse> {

        private String reason = "the connection was closed";

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, FullHttpResponse answer) {
            if (!answer.decoderResult().isSuccess()) {
                answer(Optional.of("the answer is not HTTP"), false);
                return;
            }
            boolean good = answer.status().codeClass() == HttpStatusClass.SUCCESS;
            String text = answer.content().toString(StandardCharsets.UTF_8);
            Optional<String> failure = good
                    ? Optional.empty()
                    : Optional.of(answer.protocolVersion() + " " + answer.status() + " "
                            + text.substring(0, Math.min(text.length(), MAX_REASON))
                                    .strip());
            answer(failure, HttpUtil.isKeepAlive(answer));
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            if (ctx.channel() == channel && !closed) {
                answer(Optional.of(reason), false);
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            reason = String.valueOf(cause.getMessage());
            ctx.close();
        }
    }
}
