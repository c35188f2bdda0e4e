package io.tidegate.config;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Parses and formats whole amounts with a unit, such as {@code 15s} and {@code 256MiB}. */
final class Units {

    static final Units MILLIS = new Units("d", 86_400_000L, "h", 3_600_000L, "m", 60_000L, "s", 1_000L, "ms", 1L);
    static final Units BYTES = new Units("GiB", 1L << 30, "MiB", 1L << 20, "KiB", 1L << 10, "", 1L);
    static final Units NONE = new Units("", 1L);

    private static final Pattern AMOUNT = Pattern.compile("(-?[0-9]{1,19})([A-Za-z]*)");

    /** The factors of the units, in descending order. The empty name stands for a number without a unit. */
    private final Map<String, Long> factors = new LinkedHashMap<>();

    private Units(Object... namesAndFactors) {
        for (int i = 0; i < namesAndFactors.length; i += 2) {
            factors.put((String) namesAndFactors[i], (Long) namesAndFactors[i + 1]);
        }
    }

    /**
     * Parses an amount.
     *
     * @throws NumberFormatException if the text is not an amount
     * @throws ArithmeticException if the amount exceeds 64 bits
     */
    long parse(String text) {
        Matcher matcher = AMOUNT.matcher(text);
        Long factor = matcher.matches() ? factors.get(matcher.group(2)) : null;
        if (factor == null) {
            throw new NumberFormatException(text);
        }
        try {
            return Math.multiplyExact(Long.parseLong(matcher.group(1)), factor);
        } catch (NumberFormatException beyondALong) {
            throw (ArithmeticException) new ArithmeticException(text).initCause(beyondALong);
        }
    }

    /** Formats an amount in the largest unit of which it is a whole multiple. */
    String print(long amount) {
        for (Map.Entry<String, Long> unit : factors.entrySet()) {
            if (amount != 0 && amount % unit.getValue() == 0) {
                return amount / unit.getValue() + unit.getKey();
            }
        }
        return Long.toString(amount);
    }
}
