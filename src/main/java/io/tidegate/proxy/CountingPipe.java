package io.tidegate.proxy;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import io.vertx.core.streams.WriteStream;

/**
 * Owned by one event loop. Bytes from one side to the other, no faster than that takes them, and how many they were. A
 * {@link io.vertx.core.streams.Pipe} counts nothing, and asks for the fate of every single write.
 */
public final class CountingPipe {

    private final ReadStream<Buffer> from;
    private final WriteStream<Buffer> to;
    private final Handler<Void> goOn;
    private long bytes;
    private boolean ended;

    private CountingPipe(ReadStream<Buffer> from, WriteStream<Buffer> to) {
        this.from = from;
        this.to = to;
        this.goOn = drained -> from.resume();
    }

    /** Begins; the end of {@code from} is the caller's to hear and to pass on. */
    public static CountingPipe start(ReadStream<Buffer> from, WriteStream<Buffer> to) {
        CountingPipe flow = new CountingPipe(from, to);
        from.handler(flow::pass);
        from.resume();
        return flow;
    }

    private void pass(Buffer chunk) {
        bytes += chunk.length();
        if (ended) {
            return;
        }
        to.write(chunk);
        if (to.writeQueueFull()) {
            from.pause();
            to.drainHandler(goOn);
        }
    }

    public long bytes() {
        return bytes;
    }

    /**
     * Writes no more and reads on, for nobody: a connection that is closed while it is paused never gives its buffers
     * back, and one that is kept would wait for its reader.
     */
    public void cut() {
        if (!ended) {
            ended = true;
            from.resume();
        }
    }
}
