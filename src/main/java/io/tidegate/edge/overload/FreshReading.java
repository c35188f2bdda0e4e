package io.tidegate.edge.overload;

import java.time.Duration;

/**
 * Limits the age of a reading that is updated only by certain events, such as heap usage after the last garbage
 * collection. If collections are rare, that reading becomes outdated. Normally, allocations soon trigger the next
 * collection, but if requests are refused because of the old value, they never do. Times are {@link System#nanoTime()}
 * values.
 */
final class FreshReading {

    static final Duration MAX_AGE = Duration.ofSeconds(10);

    private long value;
    private long since;

    /** Returns the current value, or 0 if the value has not changed for too long. */
    long update(long current, long now) {
        if (current != value) {
            value = current;
            since = now;
        }
        return now - since <= MAX_AGE.toNanos() ? value : 0;
    }
}
