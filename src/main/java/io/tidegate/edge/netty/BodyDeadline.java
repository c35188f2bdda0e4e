package io.tidegate.edge.netty;

import io.tidegate.edge.connection.ConnectionLimits;

/**
 * The deadline for the next part of a request body. Each byte extends it by the time that the minimum rate allows for
 * one byte, to at most {@code read-time} from now: a body may pause for that time, but a body that is too slow on
 * average is rejected. Owned by one event loop; times are those of {@link System#nanoTime}.
 */
final class BodyDeadline {

    private final long pauseNanos;
    private final double nanosPerByte;
    private long at;

    BodyDeadline(ConnectionLimits limits) {
        this.pauseNanos = limits.readTime().toNanos();
        this.nanosPerByte = limits.bodyRate() == 0 ? pauseNanos : 1e9 / limits.bodyRate();
    }

    /**
     * Restarts the deadline at the beginning of a body, or after a time in which the gateway itself has not read it.
     */
    void restart(long now) {
        at = now + pauseNanos;
    }

    void received(long bytes, long now) {
        at = now + Math.min(pauseNanos, at - now + Math.round((double) bytes * nanosPerByte));
    }

    /** Returns the remaining time in nanoseconds; negative after the deadline. */
    long left(long now) {
        return at - now;
    }
}
