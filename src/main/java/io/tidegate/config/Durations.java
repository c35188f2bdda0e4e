package io.tidegate.config;

import java.time.Duration;

/** How durations are written: a whole number of {@code ms}, {@code s}, {@code m}, {@code h} or {@code d}. */
public final class Durations {

    private Durations() {}

    /**
     * Reads a duration.
     *
     * @throws IllegalArgumentException with what was expected
     */
    public static Duration parse(String text) {
        try {
            return Duration.ofMillis(Units.MILLIS.parse(text));
        } catch (NumberFormatException notADuration) {
            throw new IllegalArgumentException("must be a duration such as 250ms, 15s, 10m, 1h or 7d", notADuration);
        } catch (ArithmeticException tooLarge) {
            throw new IllegalArgumentException("is too long", tooLarge);
        }
    }

    /** In the largest unit that leaves no rest; what is shorter than a millisecond is left out. */
    public static String print(Duration duration) {
        return duration.toMillis() == 0 ? "0s" : Units.MILLIS.print(duration.toMillis());
    }
}
