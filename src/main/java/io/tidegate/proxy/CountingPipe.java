package io.tidegate.proxy;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import io.vertx.core.streams.WriteStream;

/**
 * Copies bytes from one stream to another with back-pressure, and counts them. A {@link io.vertx.core.streams.Pipe}
 * does not count, and registers a listener for the result of every single write. Owned by one event loop.
 */
final class CountingPipe {

    private final ReadStream<Buffer> from;
    private final WriteStream<Buffer> to;
    private final Handler<Void> resumeSource;
    private long bytes;
    private boolean ended;

    private CountingPipe(ReadStream<Buffer> from, WriteStream<Buffer> to) {
        this.from = from;
        this.to = to;
        this.resumeSource = drained -> from.resume();
    }

    /** Starts copying. The caller must handle the end of {@code from} itself. */
    static CountingPipe start(ReadStream<Buffer> from, WriteStream<Buffer> to) {
        CountingPipe pipe = new CountingPipe(from, to);
        from.handler(pipe::pass);
        from.resume();
        return pipe;
    }

    private void pass(Buffer chunk) {
        bytes += chunk.length();
        if (ended) {
            return;
        }
        to.write(chunk);
        if (to.writeQueueFull()) {
            from.pause();
            to.drainHandler(resumeSource);
        }
    }

    long bytes() {
        return bytes;
    }

    /**
     * Stops writing, and reads and discards the rest. A connection that is closed while it is paused never releases its
     * buffers, and one that is kept alive would wait for its reader.
     */
    void discard() {
        if (!ended) {
            ended = true;
            from.resume();
        }
    }
}
