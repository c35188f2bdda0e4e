package io.tidegate.auth.token;

import java.time.Duration;

/**
 * Configures how often the keys of other issuers are read again.
 *
 * @param every the interval between reads, varied at random by up to a tenth
 * @param coolDown the minimum time between two reads that tokens with unknown keys cause, and the delay before a retry
 *     after a failed read
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
