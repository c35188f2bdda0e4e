package io.tidegate.proxy;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import io.vertx.core.streams.WriteStream;

/**
 * Copies bytes from one stream to another with back-pressure, and reports progress. A
 * {@link io.vertx.core.streams.Pipe} does not report progress, and registers a listener for the result of each write.
 * Owned by one event loop.
 */
final class ProgressPipe {

    private final ReadStream<Buffer> from;
    private final WriteStream<Buffer> to;
    private final Runnable progressed;
    private final Handler<Void> resumeSource;
    private Future<Void> lastWrite = Future.succeededFuture();
    private boolean ended;

    /**
     * Creates a pipe that has not started. The caller must handle the end of {@code from} itself.
     *
     * @param progressed the callback that runs when bytes have been read, and when the destination accepts more bytes
     *     again
     */
    ProgressPipe(ReadStream<Buffer> from, WriteStream<Buffer> to, Runnable progressed) {
        this.from = from;
        this.to = to;
        this.progressed = progressed;
        this.resumeSource = drained -> {
            progressed.run();
            from.resume();
        };
    }

    ProgressPipe start() {
        from.handler(this::pass);
        from.resume();
        return this;
    }

    private void pass(Buffer chunk) {
        progressed.run();
        if (ended) {
            return;
        }
        lastWrite = to.write(chunk);
        if (to.writeQueueFull()) {
            from.pause();
            to.drainHandler(resumeSource);
        }
    }

    /** Returns a future that succeeds when all bytes that were read have been written to the socket. */
    Future<Void> written() {
        return lastWrite;
    }

    /**
     * Stops writing, and reads and discards the remaining bytes. If the source were left paused, a connection that is
     * closed would never release its buffers, and a connection that is kept alive would remain paused.
     */
    void discard() {
        if (!ended) {
            ended = true;
            from.resume();
        }
    }
}
