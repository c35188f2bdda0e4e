package io.tidegate.event.loop;

import io.vertx.core.Context;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A verticle that knows its event loop from its start on. */
public abstract class LoopVerticle extends VerticleBase {

    private volatile @Nullable EventLoop loop;

    /** Called by Vert.x on the event loop, right before the start. */
    @Override
    public void init(Vertx vertx, Context context) {
        super.init(vertx, context);
        loop = EventLoop.current(vertx);
    }

    /**
     * Returns the event loop of this verticle. Safe from any thread.
     *
     * @throws NullPointerException before the start
     */
    protected final EventLoop loop() {
        return Objects.requireNonNull(loop, "the verticle has not been started");
    }
}
