package io.tidegate.proxy;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Owned by one event loop. Gives up what makes no progress. One timer, which is left alone while all goes well: it looks
 * when it fires whether anything has moved since.
 */
public final class ProgressTimeout {

    private final Vertx vertx;
    private final LongSupplier progress;
    private final Runnable over;
    private long timer = -1;
    private long fires;
    private long limit;
    private long seen;

    /**
     * @param progress any number that changes when something moves
     * @param over what is done when nothing did
     */
    public ProgressTimeout(Vertx vertx, LongSupplier progress, Runnable over) {
        this.vertx = vertx;
        this.progress = progress;
        this.over = over;
    }

    /** From now on nothing may stand still for this long; {@code 0s} is no bound. */
    public void allow(Duration silence) {
        limit = silence.toMillis();
        // What has moved up to now says nothing of what comes.
        seen = -1;
        if (limit > 0 && timer >= 0 && limit >= fires) {
            return;
        }
        end();
        arm();
    }

    public void end() {
        if (timer >= 0) {
            vertx.cancelTimer(timer);
            timer = -1;
        }
    }

    private void arm() {
        if (limit > 0) {
            fires = limit;
            seen = progress.getAsLong();
            timer = vertx.setTimer(limit, id -> look());
        }
    }

    private void look() {
        timer = -1;
        if (progress.getAsLong() == seen) {
            over.run();
        } else {
            arm();
        }
    }
}
