package io.tidegate.journal.history;

import java.time.Duration;

/**
 * The limits on remembered idempotency keys. When either limit is exceeded, the oldest keys are forgotten.
 *
 * @param count the maximum number of keys; request keys and draft keys count alike
 * @param age the time since the first receipt after which a key is forgotten
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

    /** Returns whether a key that was remembered at the given time, in epoch milliseconds, is still valid. */
    public boolean covers(long millis, long nowMillis) {
        return millis >= since(nowMillis);
    }

    /** Returns the cut-off time in epoch milliseconds: older keys are forgotten. */
    public long since(long nowMillis) {
        return nowMillis - age.toMillis();
    }
}
