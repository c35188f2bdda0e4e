package io.tidegate.auth.token;

import java.time.Duration;

/**
 * Configures how often other issuers' keys are reread.
 *
 * @param every the interval between reads, varied randomly by up to 10 % in either direction
 * @param coolDown the minimum time between two reads that are caused by tokens with unknown keys, and the delay before
 *     a failed read is retried
 */
public record KeyOptions(Duration every, Duration coolDown) {

    public static final KeyOptions DEFAULTS = new KeyOptions(Duration.ofMinutes(10), Duration.ofSeconds(30));

    public KeyOptions {
        if (every.isNegative() || every.isZero()) {
            throw new IllegalArgumentException("every must be longer than 0s");
        }
        if (coolDown.isNegative() || coolDown.isZero()) {
            throw new IllegalArgumentException("cool-down must be longer than 0s");
        }
    }
}
