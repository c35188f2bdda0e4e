package io.tidegate.edge.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2FrameListenerDecorator;
import io.netty.handler.codec.http2.Http2Stream;
import io.tidegate.edge.connection.ConnectionLimits;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The counterpart of {@link SlowClientTimeout} and {@link SlowReaderTimeout} for HTTP/2: resets a stream if the client
 * sends the request body too slowly or does not read the response, and closes a connection that has had no streams for
 * a while. One timer checks all streams of the connection. Owned by one event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // if a write or close fails, the handlers see the channel close
final class Http2SlowClientTimeout {

    private static final int CHECKS = 4;

    private final Http2ConnectionHandler handler;
    private final Http2Connection streams;
    private final ChannelHandlerContext connection;
    private final ConnectionLimits limits;
    private final long intervalNanos;
    private final Http2Connection.PropertyKey progressKey;
    private int lastSeen;
    private long idleSince = System.nanoTime();

    /** The progress of one stream since the last check, and the time at which it last made progress. */
    private static final class Progress {

        private final BodyDeadline body;
        private long received;
        private boolean windowUpdated;
        private int window;
        private long blockedSince;

        private Progress(ConnectionLimits limits, long now) {
            body = new BodyDeadline(limits);
            body.restart(now);
            blockedSince = now;
        }
    }

    private Http2SlowClientTimeout(
            Http2ConnectionHandler handler, ChannelHandlerContext connection, ConnectionLimits limits) {
        this.handler = handler;
        this.streams = handler.connection();
        this.connection = connection;
        this.limits = limits;
        this.progressKey = streams.newKey();
        this.intervalNanos = Math.min(
                        limits.idleTime().toNanos(),
                        Math.min(limits.readTime().toNanos(), limits.writeTime().toNanos()))
                / CHECKS;
    }

    /** Installs the timeout. Must be called before anything is read from the connection. */
    static void install(Http2ConnectionHandler handler, ChannelHandlerContext connection, ConnectionLimits limits) {
        Http2SlowClientTimeout timeout = new Http2SlowClientTimeout(handler, connection, limits);
        handler.decoder().frameListener(timeout.counting(handler.decoder().frameListener()));
        timeout.schedule();
    }

    private Http2FrameListener counting(Http2FrameListener server) {
        return new Http2FrameListenerDecorator(server) {
            @Override
            public int onDataRead(
                    ChannelHandlerContext ctx, int streamId, ByteBuf data, int padding, boolean endOfStream)
                    throws Http2Exception {
                progress(streams.stream(streamId)).received += data.readableBytes();
                return super.onDataRead(ctx, streamId, data, padding, endOfStream);
            }

            @Override
            public void onWindowUpdateRead(ChannelHandlerContext ctx, int streamId, int increment)
                    throws Http2Exception {
                Http2Stream stream = streams.stream(streamId);
                if (stream != null) {
                    progress(stream).windowUpdated = true;
                }
                super.onWindowUpdateRead(ctx, streamId, increment);
            }
        };
    }

    private Progress progress(Http2Stream stream) {
        Progress progress = stream.getProperty(progressKey);
        if (progress == null) {
            progress = new Progress(limits, System.nanoTime());
            stream.setProperty(progressKey, progress);
        }
        return progress;
    }

    private void schedule() {
        connection.executor().schedule(this::check, intervalNanos, TimeUnit.NANOSECONDS);
    }

    private void check() {
        if (!connection.channel().isActive()) {
            return;
        }
        long now = System.nanoTime();
        int last = streams.remote().lastStreamCreated();
        if (streams.numActiveStreams() > 0 || last != lastSeen) {
            idleSince = now;
        } else if (now - idleSince >= limits.idleTime().toNanos()) {
            connection.channel().close();
            return;
        }
        lastSeen = last;
        resetLate(now);
        schedule();
    }

    private void resetLate(long now) {
        List<Http2Stream> late = new ArrayList<>();
        try {
            streams.forEachActiveStream(stream -> {
                Progress progress = progress(stream);
                // Both calls update the recorded progress, so both must be made.
                boolean sendsLate = isLate(stream, progress, now);
                boolean unread = doesNotRead(stream, progress, now);
                if (sendsLate || unread) {
                    late.add(stream);
                }
                return true;
            });
        } catch (Http2Exception impossible) {
            throw new IllegalStateException(impossible); // The visitor does not throw.
        }
        for (Http2Stream stream : late) {
            handler.resetStream(connection, stream.id(), Http2Error.CANCEL.code(), connection.newPromise());
        }
        if (!late.isEmpty()) {
            connection.flush();
        }
    }

    private boolean isLate(Http2Stream stream, Progress progress, long now) {
        if (!stream.state().remoteSideOpen()) {
            return false;
        }
        boolean pausedHere = streams.local().flowController().unconsumedBytes(stream) > 0
                || streams.local().flowController().windowSize(streams.connectionStream()) <= 0;
        if (pausedHere) {
            progress.body.restart(now);
        } else {
            progress.body.received(progress.received, now);
        }
        progress.received = 0;
        return progress.body.left(now) <= 0;
    }

    private boolean doesNotRead(Http2Stream stream, Progress progress, long now) {
        int window = streams.remote().flowController().windowSize(stream);
        boolean blocked = streams.remote().flowController().hasFlowControlled(stream);
        if (!blocked || progress.windowUpdated || window != progress.window) {
            progress.blockedSince = now;
        }
        progress.windowUpdated = false;
        progress.window = window;
        return now - progress.blockedSince >= limits.writeTime().toNanos();
    }
}
