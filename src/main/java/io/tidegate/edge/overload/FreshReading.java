package io.tidegate.edge.overload;

import java.time.Duration;

/**
 * Limits the age of a reading that is renewed only by an event. The use of the heap after the last garbage collection
 * becomes outdated when collections are rare: allocations cause the next one soon, but requests that are refused
 * because of the old value would never cause it. Times are those of {@link System#nanoTime()}.
 */
final class FreshReading {

    static final Duration MAX_AGE = Duration.ofSeconds(10);

    private long value;
    private long since;

    /** Returns the current value, or 0 if it has not changed for too long. */
    long update(long current, long now) {
        if (current != value) {
            value = current;
            since = now;
        }
        return now - since <= MAX_AGE.toNanos() ? value : 0;
    }
}
