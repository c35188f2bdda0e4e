package io.tidegate.adapter.watch;

import java.util.function.DoubleSupplier;

/**
 * Computes the time of the next poll: polls run at a fixed rate while the origin responds, and with exponential backoff
 * while it fails.
 */
final class PollSchedule {

    private static final long MAX_BACKOFF_NANOS = 30_000_000_000L;
    private static final int MAX_DOUBLINGS = 20;

    private final long every;
    private final DoubleSupplier random;
    private final long start;
    private int failures;

    /**
     * Creates a schedule.
     *
     * @param every the interval between polls, in nanoseconds, like all times in this class
     * @param start the time of the first poll, on the same clock as the times passed to the other methods
     * @param random a function that returns random numbers from 0 to 1; the resulting jitter keeps watches that fail
     *     together from retrying together
     */
    PollSchedule(long every, long start, DoubleSupplier random) {
        this.every = every;
        this.start = start;
        this.random = random;
    }

    /**
     * Resets the backoff, and returns the time until the next poll that is due at the fixed rate. Polls whose time has
     * passed are skipped.
     */
    long afterSuccess(long now) {
        failures = 0;
        return every - Math.floorMod(now - start, every);
    }

    /**
     * Returns a random time between half the current backoff and the full backoff. The backoff doubles with each
     * failure, up to 30 seconds or the interval, whichever is longer.
     */
    long afterFailure() {
        failures++;
        double backoff = (double) every * Math.pow(2, Math.min(failures, MAX_DOUBLINGS));
        double bounded = Math.min(backoff, (double) Math.max(MAX_BACKOFF_NANOS, every));
        return (long) (bounded * (0.5 + 0.5 * random.getAsDouble()));
    }

    int failures() {
        return failures;
    }
}
