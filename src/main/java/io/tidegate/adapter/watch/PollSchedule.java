package io.tidegate.adapter.watch;

import java.util.function.DoubleSupplier;

/** When the next poll is due: on the schedule while the origin answers, less and less often while it fails. */
final class PollSchedule {

    private static final long LONGEST_NANOS = 30_000_000_000L;
    private static final int MOST_DOUBLINGS = 20;

    private final long every;
    private final DoubleSupplier chance;
    private final long start;
    private int failures;

    /**
     * Begins a schedule.
     *
     * @param start the time of the first poll; all times here are in nanoseconds of one clock
     * @param chance from 0 to 1, so that watches which fail together do not come back together
     */
    PollSchedule(long every, long start, DoubleSupplier chance) {
        this.every = every;
        this.start = start;
        this.chance = chance;
    }

    /** How long after now the next tick of the schedule is; ticks that have passed are left out. */
    long afterSuccess(long now) {
        failures = 0;
        return every - Math.floorMod(now - start, every);
    }

    /** Between half of the wait and the whole; the wait doubles with each failure, up to 30 s or the interval. */
    long afterFailure() {
        failures++;
        double doubled = (double) every * Math.pow(2, Math.min(failures, MOST_DOUBLINGS));
        double wait = Math.min(doubled, (double) Math.max(LONGEST_NANOS, every));
        return (long) (wait * (0.5 + 0.5 * chance.getAsDouble()));
    }

    int failures() {
        return failures;
    }
}
