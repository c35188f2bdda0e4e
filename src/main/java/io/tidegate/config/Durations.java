package io.tidegate.config;

import java.time.Duration;

/**
 * Parses and formats durations, which are written as a whole number of {@code ms}, {@code s}, {@code m}, {@code h} or
 * {@code d}.
 */
public final class Durations {

    private Durations() {}

    /**
     * Parses a duration.
     *
     * @throws IllegalArgumentException with a message that states the expected form
     */
    public static Duration parse(String text) {
        try {
            return Duration.ofMillis(Units.MILLIS.parse(text));
        } catch (NumberFormatException notADuration) {
            throw new IllegalArgumentException("must be a duration such as 250ms, 15s, 10m, 1h or 7d", notADuration);
        } catch (ArithmeticException tooLarge) {
            throw new IllegalArgumentException("must fit into 64 bits of milliseconds", tooLarge);
        }
    }

    /** Formats a duration in the largest unit of which it is a whole multiple. Discards fractions of a millisecond. */
    public static String print(Duration duration) {
        return duration.toMillis() == 0 ? "0s" : Units.MILLIS.print(duration.toMillis());
    }
}
