package io.tidegate.journal.retention;

import io.tidegate.event.Kind;
import java.time.Duration;

/**
 * The retention limits for one kind. When any of them is exceeded, the oldest events are evicted.
 *
 * @param events the maximum number of events
 * @param age the maximum age of an event
 * @param bytes the maximum total weight of the events
 * @param keys the maximum number of keys in the latest state; when it is exceeded, the key that appeared first is
 *     evicted
 * @param keyBytes the maximum total weight of the latest state, which is held on the heap; when it is exceeded, the keys
 *     that appeared first are evicted
 */
public record Retention(long events, Duration age, long bytes, int keys, long keyBytes) {

    private static final long KEY_BYTES = 16L << 20;

    public Retention {
        if (events <= 0) {
            throw new IllegalArgumentException("events must be greater than 0");
        }
        if (age.isNegative() || age.isZero()) {
            throw new IllegalArgumentException("age must be longer than 0s");
        }
        if (bytes <= 0) {
            throw new IllegalArgumentException("bytes must be greater than 0");
        }
        if (keys <= 0) {
            throw new IllegalArgumentException("keys must be greater than 0");
        }
        if (keyBytes <= 0) {
            throw new IllegalArgumentException("key-bytes must be greater than 0");
        }
    }

    /**
     * Returns the default limits: 100,000 events, 7 days and 256 MiB; or, for a kind whose topics are evicted as a
     * whole, 1,000,000 events, 30 days and 1 GiB, because such topics contain other events besides changes of members.
     */
    public static Retention standard(Kind kind) {
        return kind.evictedWhole()
                ? new Retention(1_000_000, Duration.ofDays(30), 1L << 30, 10_000, KEY_BYTES)
                : new Retention(100_000, Duration.ofDays(7), 256L << 20, 10_000, KEY_BYTES);
    }
}
