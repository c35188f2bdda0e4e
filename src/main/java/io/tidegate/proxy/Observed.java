package io.tidegate.proxy;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Wraps a stream, and passes each chunk and the end to callbacks before the stream's handlers receive them. Owned by
 * one event loop.
 */
final class Observed implements ReadStream<Buffer> {

    private static final Logger LOG = LoggerFactory.getLogger(Observed.class);

    private final ReadStream<Buffer> stream;
    private final Consumer<Buffer> chunks;
    private final Runnable end;

    Observed(ReadStream<Buffer> stream, Consumer<Buffer> chunks, Runnable end) {
        this.stream = stream;
        this.chunks = chunks;
        this.end = end;
    }

    /** Runs an observer's callback. If it throws, the exception is logged and does not affect the exchange. */
    static void runSafely(Runnable callback) {
        try {
            callback.run();
        } catch (RuntimeException defect) {
            LOG.error("event=observer-failed", defect);
        }
    }

    @Override
    public Observed handler(@Nullable Handler<Buffer> handler) {
        stream.handler(
                handler == null
                        ? null
                        : chunk -> {
                            runSafely(() -> chunks.accept(chunk));
                            handler.handle(chunk);
                        });
        return this;
    }

    @Override
    public Observed endHandler(@Nullable Handler<Void> handler) {
        stream.endHandler(
                handler == null
                        ? null
                        : ended -> {
                            runSafely(end);
                            handler.handle(null);
                        });
        return this;
    }

    @Override
    public Observed exceptionHandler(@Nullable Handler<Throwable> handler) {
        stream.exceptionHandler(handler);
        return this;
    }

    @Override
    public Observed pause() {
        stream.pause();
        return this;
    }

    @Override
    public Observed resume() {
        stream.resume();
        return this;
    }

    @Override
    public Observed fetch(long amount) {
        stream.fetch(amount);
        return this;
    }
}
