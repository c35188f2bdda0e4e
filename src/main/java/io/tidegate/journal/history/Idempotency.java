package io.tidegate.journal.history;

import java.time.Duration;

/**
 * How long claims are remembered; beyond either bound the oldest are forgotten.
 *
 * @param count how many, those of requests and those of drafts together
 * @param age how long after its first answer
 */
public record Idempotency(int count, Duration age) {

    public static final Idempotency DEFAULTS = new Idempotency(100_000, Duration.ofHours(24));

    public Idempotency {
        if (count <= 0) {
            throw new IllegalArgumentException("count must be greater than 0");
        }
        if (age.isNegative() || age.isZero()) {
            throw new IllegalArgumentException("age must be longer than 0s");
        }
    }

    public boolean covers(long millis, long nowMillis) {
        return millis >= since(nowMillis);
    }

    /** What was answered before this is forgotten. */
    public long since(long nowMillis) {
        return nowMillis - age.toMillis();
    }
}
