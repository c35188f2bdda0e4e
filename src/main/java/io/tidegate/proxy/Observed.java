package io.tidegate.proxy;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Owned by one event loop. A stream as it is, at which somebody looks before it goes on. */
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

    /** Whatever the observer does, the exchange goes on. */
    static void look(Runnable glance) {
        try {
            glance.run();
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
                            look(() -> chunks.accept(chunk));
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
                            look(end);
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
