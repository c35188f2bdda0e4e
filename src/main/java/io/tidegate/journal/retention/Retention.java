package io.tidegate.journal.retention;

import io.tidegate.event.Kind;
import java.time.Duration;

/**
 * How much of one kind the journal keeps; what is beyond any of the bounds goes, oldest first.
 *
 * @param events how many events
 * @param age how old an event may be
 * @param bytes how much weight all events together may have
 * @param keys how many keys the latest state holds; beyond it the key that appeared first is forgotten
 */
public record Retention(long events, Duration age, long bytes, int keys) {

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
    }

    /**
     * Returns the default bounds: 100,000 events, 7 days, 256 MiB. A kind whose topics are evicted as a whole has
     * 1,000,000 events, 30 days, 1 GiB, because its topics hold more than members.
     */
    public static Retention standard(Kind kind) {
        return kind.evictedWhole()
                ? new Retention(1_000_000, Duration.ofDays(30), 1L << 30, 10_000)
                : new Retention(100_000, Duration.ofDays(7), 256L << 20, 10_000);
    }
}
