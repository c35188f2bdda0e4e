package io.tidegate.proxy.origin;

import java.time.Duration;

/**
 * The rule for ejecting a failing server. An ejected server is not chosen while another server is available.
 *
 * @param failures the number of consecutive failed requests after which a server is ejected; 0 disables ejection
 * @param time the time for which a server stays ejected
 */
public record Ejection(int failures, Duration time) {

    public static final Ejection DEFAULTS = new Ejection(5, Duration.ofSeconds(30));

    /**
     * Validates the components.
     *
     * @throws IllegalArgumentException if a component is invalid; the message begins with its name
     */
    public Ejection {
        if (failures < 0) {
            throw new IllegalArgumentException("failures must not be negative");
        }
        if (time.isNegative()) {
            throw new IllegalArgumentException("time must not be negative");
        }
    }
}
