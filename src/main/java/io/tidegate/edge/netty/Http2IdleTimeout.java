package io.tidegate.edge.netty;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Owned by one event loop. Ends an HTTP/2 connection on which nothing was asked for a while and nothing is open; what
 * {@link SlowClientTimeout} does for HTTP/1.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write or close ends the channel, and its handlers see that
final class Http2IdleTimeout {

    private final Http2Connection streams;
    private final ChannelHandlerContext connection;
    private final long everyNanos;
    private int lastSeen = -1;

    private Http2IdleTimeout(Http2Connection streams, ChannelHandlerContext connection, long everyNanos) {
        this.streams = streams;
        this.connection = connection;
        this.everyNanos = everyNanos;
    }

    /** @param idle after between half and all of this time the connection is ended */
    static void install(Http2ConnectionHandler handler, ChannelHandlerContext connection, Duration idle) {
        new Http2IdleTimeout(handler.connection(), connection, idle.toNanos() / 2).watch();
    }

    private void watch() {
        connection.executor().schedule(this::look, everyNanos, TimeUnit.NANOSECONDS);
    }

    private void look() {
        if (!connection.channel().isActive()) {
            return;
        }
        int last = streams.remote().lastStreamCreated();
        if (streams.numActiveStreams() == 0 && last == lastSeen) {
            connection.channel().close();
            return;
        }
        lastSeen = last;
        watch();
    }
}
