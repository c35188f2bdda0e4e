package io.tidegate.edge.netty;

import io.tidegate.edge.connection.ConnectionLimits;

/**
 * The time by which more of a request body must have arrived. Each byte moves it by the time that the minimum rate
 * allows for one byte, to at most {@code read-time} from now: a body may pause for that long, and one that drips is
 * given up. Owned by one event loop; times are those of {@link System#nanoTime}.
 */
final class BodyDeadline {

    private final long pauseNanos;
    private final double nanosPerByte;
    private long at;

    BodyDeadline(ConnectionLimits limits) {
        this.pauseNanos = limits.readTime().toNanos();
        this.nanosPerByte = limits.bodyRate() == 0 ? pauseNanos : 1e9 / limits.bodyRate();
    }

    /** Begins a body, or continues one that the gateway itself has not read for a while. */
    void restart(long now) {
        at = now + pauseNanos;
    }

    void received(long bytes, long now) {
        at = now + Math.min(pauseNanos, at - now + Math.round((double) bytes * nanosPerByte));
    }

    /** Returns the time that is left; negative once the body is late. */
    long left(long now) {
        return at - now;
    }
}
