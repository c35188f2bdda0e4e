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
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A connection that publishes one event at a time and reconnects when it is closed. Owned by one event loop. */
@SuppressWarnings("FutureReturnValueIgnored") // failures end the channel, so its handlers learn of them
final class PublishConnection {

    /** Receives notifications about a connection, on the connection's event loop. */
    interface Owner {

        /** Called when the connection is ready to send an event. */
        void idle(PublishConnection connection);

        /**
         * Called when the response to the sent event has been received or the connection has failed. The failure is
         * empty if the target accepted the event.
         */
        void completed(PublishConnection connection, Optional<String> failure);

        /** Called when the connection could not be established. */
        void unreachable(PublishConnection connection, String reason);
    }

    private static final int MAX_RESPONSE = 1 << 20;
    private static final int MAX_REASON = 400;

    private final EventLoop loop;
    private final Dialer dialer;
    private final Owner owner;
    private final List<Sequence> series = new ArrayList<>();
    private int current;
    private @Nullable Channel channel;
    private boolean waiting;
    private boolean closed;
    private long sentAt;

    PublishConnection(EventLoop loop, Dialer dialer, Owner owner) {
        this.loop = loop;
        this.dialer = dialer;
        this.owner = owner;
    }

    void add(Sequence one) {
        series.add(one);
    }

    /** Returns the series of the next event to send. The series of this connection take turns. */
    Sequence nextSeries() {
        current = (current + 1) % series.size();
        return series.get(current);
    }

    /** Returns the series of the last event that was sent. */
    Sequence currentSeries() {
        return series.get(current);
    }

    long sentAt() {
        return sentAt;
    }

    void connect() {
        ChannelFuture dialled =
                dialer.dial(loop, new HttpResponseDecoder(), new HttpObjectAggregator(MAX_RESPONSE), new Answers());
        dialled.addListener(connected -> {
            if (connected.isSuccess()) {
                channel = dialled.channel();
                owner.idle(this);
            } else {
                owner.unreachable(this, String.valueOf(connected.cause().getMessage()));
            }
        });
    }

    /**
     * Returns whether the connection is established. A lost connection notifies its owner when it has been
     * re-established.
     */
    boolean ready() {
        return channel != null && channel.isActive();
    }

    /** Sends a complete request. The connection must be {@link #ready}. */
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

    private void complete(Optional<String> failure, boolean reusable) {
        if (waiting) {
            waiting = false;
            owner.completed(this, failure);
        }
        if (reusable) {
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
        protected void channelRead0(ChannelHandlerContext ctx, FullHttpResponse response) {
            if (!response.decoderResult().isSuccess()) {
                complete(Optional.of("the response is not HTTP"), false);
                return;
            }
            boolean success = response.status().codeClass() == HttpStatusClass.SUCCESS;
            String text = response.content().toString(StandardCharsets.UTF_8);
            Optional<String> failure = success
                    ? Optional.empty()
                    : Optional.of(response.protocolVersion() + " " + response.status() + " "
                            + text.substring(0, Math.min(text.length(), MAX_REASON))
                                    .strip());
            complete(failure, HttpUtil.isKeepAlive(response));
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            if (ctx.channel() == channel && !closed) {
                complete(Optional.of(reason), false);
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            reason = String.valueOf(cause.getMessage());
            ctx.close();
        }
    }
}
