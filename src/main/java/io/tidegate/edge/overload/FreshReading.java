package io.tidegate.edge.overload;

import java.time.Duration;

/**
 * A value that is only renewed when something happens, and for how long it may be believed. What was in use after the last
 * collection says nothing once collections have become rare: whoever needs memory causes the next one soon, and whoever
 * was refused because of it never would. Times are those of {@link System#nanoTime()}.
 */
final class FreshReading {

    static final Duration BELIEVED = Duration.ofSeconds(10);

    private long value;
    private long since;

    /** The value, or 0 when it has been the same for too long. */
    long of(long seen, long now) {
        if (seen != value) {
            value = seen;
            since = now;
        }
        return now - since <= BELIEVED.toNanos() ? value : 0;
    }
}
