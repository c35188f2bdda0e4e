package io.tidegate.proxy.origin;

import java.time.Duration;

/**
 * When a failing server is ejected, that is, not chosen while there is another one.
 *
 * @param failures number of consecutive requests without a response after which it is ejected; 0 disables ejection
 * @param time how long it stays ejected
 */
public record Ejection(int failures, Duration time) {

    public static final Ejection DEFAULTS = new Ejection(5, Duration.ofSeconds(30));

    /** @throws IllegalArgumentException if a component is invalid; the message begins with its name */
    public Ejection {
        if (failures < 0) {
            throw new IllegalArgumentException("failures must not be negative");
        }
        if (time.isNegative()) {
            throw new IllegalArgumentException("time must not be negative");
        }
    }
}
