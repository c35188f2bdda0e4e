package io.tidegate.proxy.origin;

import java.time.Duration;

/**
 * When a server that fails is passed over, as long as there is another one.
 *
 * @param failures requests in a row that it did not answer; 0 never
 * @param time for how long
 */
public record Ejection(int failures, Duration time) {

    public static final Ejection DEFAULTS = new Ejection(5, Duration.ofSeconds(30));

    /** @throws IllegalArgumentException when a part is not of this form; the message names the part */
    public Ejection {
        if (failures < 0) {
            throw new IllegalArgumentException("failures must not be negative");
        }
        if (time.isNegative()) {
            throw new IllegalArgumentException("time must not be negative");
        }
    }
}
