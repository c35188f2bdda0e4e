package io.tidegate.edge.netty;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Owned by one event loop. Closes an HTTP/2 connection that has had no new request for a while and has no open stream;
 * the counterpart of {@link SlowClientTimeout}, which is for HTTP/1.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write or close ends the channel, and its handlers see that
final class Http2IdleTimeout {

    private final Http2Connection streams;
    private final ChannelHandlerContext connection;
    private final long intervalNanos;
    private int lastSeen = -1;

    private Http2IdleTimeout(Http2Connection streams, ChannelHandlerContext connection, long intervalNanos) {
        this.streams = streams;
        this.connection = connection;
        this.intervalNanos = intervalNanos;
    }

    /** @param idle the connection is closed after between half and all of this time */
    static void install(Http2ConnectionHandler handler, ChannelHandlerContext connection, Duration idle) {
        new Http2IdleTimeout(handler.connection(), connection, idle.toNanos() / 2).schedule();
    }

    private void schedule() {
        connection.executor().schedule(this::check, intervalNanos, TimeUnit.NANOSECONDS);
    }

    private void check() {
        if (!connection.channel().isActive()) {
            return;
        }
        int last = streams.remote().lastStreamCreated();
        if (streams.numActiveStreams() == 0 && last == lastSeen) {
            connection.channel().close();
            return;
        }
        lastSeen = last;
        schedule();
    }
}
