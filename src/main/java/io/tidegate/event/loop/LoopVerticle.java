package io.tidegate.event.loop;

import io.vertx.core.Context;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A verticle that has access to its {@link EventLoop} once it is deployed. */
public abstract class LoopVerticle extends VerticleBase {

    private volatile @Nullable EventLoop loop;

    /** Stores the event loop. Vert.x calls this method on the event loop, immediately before the verticle starts. */
    @Override
    public void init(Vertx vertx, Context context) {
        super.init(vertx, context);
        loop = EventLoop.current(vertx);
    }

    /**
     * Returns the event loop of this verticle. May be called from any thread.
     *
     * @throws NullPointerException if the verticle has not been initialized
     */
    protected final EventLoop loop() {
        return Objects.requireNonNull(loop, "the verticle has not been started");
    }
}
