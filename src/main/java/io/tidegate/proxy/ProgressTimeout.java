package io.tidegate.proxy;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Runs a callback when a transfer has made no progress for a given time, counted from the last progress or from the
 * last call of {@link #allow}, whichever is later. Uses one timer, which is not rescheduled whenever there is progress;
 * if it fires early, it is started again for the remaining time. Owned by one event loop.
 */
final class ProgressTimeout {

    /** Runs tasks later, on the event loop of the caller. */
    interface Timers {

        /** Starts a timer, and returns its id, which is not negative. */
        long start(long millis, Runnable task);

        void cancel(long timer);

        static Timers of(Vertx vertx) {
            return new Timers() {
                @Override
                public long start(long millis, Runnable task) {
                    return vertx.setTimer(millis, fired -> task.run());
                }

                @Override
                public void cancel(long timer) {
                    vertx.cancelTimer(timer);
                }
            };
        }
    }

    private static final long NANOS_PER_MILLI = 1_000_000;

    private final Timers timers;
    private final LongSupplier nanoTime;
    private final Runnable stalled;
    private long timer = -1;
    private long firesAt;
    private long limitNanos;
    private long since;

    /**
     * Creates a timeout, which {@link #allow} starts.
     *
     * @param stalled the callback that runs once the limit has passed without progress; the timeout has then ended
     */
    ProgressTimeout(Vertx vertx, Runnable stalled) {
        this(Timers.of(vertx), System::nanoTime, stalled);
    }

    ProgressTimeout(Timers timers, LongSupplier nanoTime, Runnable stalled) {
        this.timers = timers;
        this.nanoTime = nanoTime;
        this.stalled = stalled;
    }

    /** Starts the timeout, or changes its limit and restarts it. A limit of zero means none. */
    void allow(Duration limit) {
        limitNanos = limit.toNanos();
        since = nanoTime.getAsLong();
        // A running timer that will fire earlier than needed is kept, because it is then started again for the
        // remaining time.
        if (timer >= 0 && (limitNanos == 0 || firesAt - (since + limitNanos) > 0)) {
            end();
        }
        if (timer < 0 && limitNanos > 0) {
            start(limitNanos);
        }
    }

    /** Records progress, which restarts the time limit. */
    void progressed() {
        since = nanoTime.getAsLong();
    }

    void end() {
        if (timer >= 0) {
            timers.cancel(timer);
            timer = -1;
        }
    }

    private void start(long nanos) {
        // The time is rounded up so that the timer never fires before the limit.
        long millis = (nanos + NANOS_PER_MILLI - 1) / NANOS_PER_MILLI;
        firesAt = nanoTime.getAsLong() + nanos;
        timer = timers.start(millis, this::check);
    }

    private void check() {
        timer = -1;
        long left = since + limitNanos - nanoTime.getAsLong();
        if (left > 0) {
            start(left);
        } else {
            stalled.run();
        }
    }
}
