package io.tidegate.auth.issuer;

import java.time.Duration;

/**
 * How often the keys of other issuers are read again.
 *
 * @param every about this often, by chance up to a tenth more or less
 * @param coolDown how long it takes at least until another token of an unknown key has them read at once, and until
 *     another attempt after one that failed
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
