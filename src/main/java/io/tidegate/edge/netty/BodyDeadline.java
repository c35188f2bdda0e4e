package io.tidegate.edge.netty;

import io.tidegate.edge.connection.ConnectionLimits;

/**
 * The deadline for the next part of a request body. Each byte extends it by the time that the minimum rate allows for
 * one byte, up to {@code read-time} from now. A body may thus pause for that long, but is rejected if it is too slow on
 * average. Owned by one event loop; times are {@link System#nanoTime} values.
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
     * Restarts the deadline at the beginning of a body, or after a period in which the gateway itself did not read the
     * body.
     */
    void restart(long now) {
        at = now + pauseNanos;
    }

    void received(long bytes, long now) {
        at = now + Math.min(pauseNanos, at - now + Math.round((double) bytes * nanosPerByte));
    }

    /** Returns the remaining time in nanoseconds, which is negative after the deadline. */
    long left(long now) {
        return at - now;
    }
}
