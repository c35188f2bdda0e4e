package io.tidegate.journal.history;

import java.time.Duration;

/**
 * How long idempotency keys are remembered. When either bound is exceeded, the oldest are forgotten.
 *
 * @param count maximum number of keys, those of requests and of drafts together
 * @param age time since the first receipt after which a key is forgotten
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

    /** Returns whether a key that was remembered at a time in epoch milliseconds is still valid. */
    public boolean covers(long millis, long nowMillis) {
        return millis >= since(nowMillis);
    }

    /** Returns the time, in epoch milliseconds, before which keys are forgotten. */
    public long since(long nowMillis) {
        return nowMillis - age.toMillis();
    }
}
