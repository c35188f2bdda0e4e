package io.tidegate.proxy;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Runs a callback when a transfer makes no progress. Uses one timer, which is not rescheduled on each transfer; when it
 * fires, it checks whether there was progress since it was started. Owned by one event loop.
 */
final class ProgressTimeout {

    private final Vertx vertx;
    private final LongSupplier progress;
    private final Runnable stalled;
    private long timer = -1;
    private long firesAfter;
    private long limit;
    private long seen;

    /**
     * Creates a timeout that is not running yet.
     *
     * @param progress returns a number that changes whenever there is progress
     * @param stalled called when there was no progress
     */
    ProgressTimeout(Vertx vertx, LongSupplier progress, Runnable stalled) {
        this.vertx = vertx;
        this.progress = progress;
        this.stalled = stalled;
    }

    /** Starts the timeout or changes its limit; {@code 0s} means no limit. */
    void allow(Duration silence) {
        limit = silence.toMillis();
        // When a running timer fires, it must not report a stall that began before this call.
        seen = -1;
        if (limit > 0 && timer >= 0 && limit >= firesAfter) {
            return;
        }
        end();
        arm();
    }

    void end() {
        if (timer >= 0) {
            vertx.cancelTimer(timer);
            timer = -1;
        }
    }

    private void arm() {
        if (limit > 0) {
            firesAfter = limit;
            seen = progress.getAsLong();
            timer = vertx.setTimer(limit, id -> check());
        }
    }

    private void check() {
        timer = -1;
        if (progress.getAsLong() == seen) {
            stalled.run();
        } else {
            arm();
        }
    }
}
