package io.tidegate.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** How single values are written, in both directions. What is printed reads back as the same value. */
final class Values {

    private static final Pattern AMOUNT = Pattern.compile("(-?[0-9]{1,19}) ?([A-Za-z]*)");
    private static final Map<String, Long> BYTE_UNITS = descending("GiB", 1L << 30, "MiB", 1L << 20, "KiB", 1L << 10);
    private static final Map<String, Long> MILLI_UNITS =
            descending("d", 86_400_000L, "h", 3_600_000L, "m", 60_000L, "s", 1_000L, "ms", 1L);

    private Values() {}

    /**
     * Reads one value.
     *
     * @throws IllegalArgumentException with what was expected
     */
    static Object parse(String text, Class<?> type, boolean bytes) {
        if (type == String.class) {
            return text;
        } else if (type == boolean.class) {
            return bool(text);
        } else if (type == int.class || type == long.class) {
            return number(text, type, bytes);
        } else if (type == Duration.class) {
            return duration(text);
        } else if (type.isEnum()) {
            return constant(text, type);
        } else if (type == URI.class) {
            return uri(text);
        } else if (type == Path.class) {
            return path(text);
        }
        throw new IllegalStateException("no configuration value has the type " + type.getName());
    }

    static String print(Object value, boolean bytes) {
        if (value instanceof Enum<?> constant) {
            return Names.dashed(constant.name());
        } else if (value instanceof Duration duration) {
            return duration.isZero() ? "0s" : scaled(duration.toMillis(), MILLI_UNITS);
        } else if (bytes && value instanceof Number number) {
            return scaled(number.longValue(), BYTE_UNITS);
        }
        return value.toString();
    }

    private static Object bool(String text) {
        if (text.equals("true") || text.equals("false")) {
            return text.equals("true");
        }
        throw new IllegalArgumentException("must be true or false");
    }

    private static Object number(String text, Class<?> type, boolean bytes) {
        try {
            long value = amount(text, bytes ? BYTE_UNITS : Map.of(), true);
            if (type == long.class) {
                return value;
            }
            return Math.toIntExact(value);
        } catch (NumberFormatException notANumber) {
            throw new IllegalArgumentException(
                    bytes ? "must be a number of bytes such as 65536, 64KiB or 1MiB" : "must be a whole number",
                    notANumber);
        } catch (ArithmeticException tooLarge) {
            throw new IllegalArgumentException("is too large", tooLarge);
        }
    }

    private static Duration duration(String text) {
        try {
            return Duration.ofMillis(amount(text, MILLI_UNITS, false));
        } catch (NumberFormatException notADuration) {
            throw new IllegalArgumentException("must be a duration such as 250ms, 15s, 10m, 1h or 7d", notADuration);
        } catch (ArithmeticException tooLarge) {
            throw new IllegalArgumentException("is too long", tooLarge);
        }
    }

    private static long amount(String text, Map<String, Long> units, boolean unitOptional) {
        Matcher matcher = AMOUNT.matcher(text);
        if (!matcher.matches()) {
            throw new NumberFormatException();
        }
        String unit = matcher.group(2);
        Long factor = unit.isEmpty() && unitOptional ? Long.valueOf(1) : units.get(unit);
        if (factor == null) {
            throw new NumberFormatException();
        }
        return Math.multiplyExact(Long.parseLong(matcher.group(1)), factor);
    }

    private static Object constant(String text, Class<?> type) {
        for (Object constant : type.getEnumConstants()) {
            if (print(constant, false).equals(text)) {
                return constant;
            }
        }
        throw new IllegalArgumentException("must be one of "
                + Arrays.stream(type.getEnumConstants())
                        .map(constant -> print(constant, false))
                        .collect(Collectors.joining(", ")));
    }

    private static URI uri(String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException notAUri) {
            throw new IllegalArgumentException("must be a URL", notAUri);
        }
    }

    private static Path path(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException notAPath) {
            throw new IllegalArgumentException("must be a path", notAPath);
        }
    }

    /** In the largest unit that leaves no rest. */
    private static String scaled(long amount, Map<String, Long> units) {
        for (Map.Entry<String, Long> unit : units.entrySet()) {
            if (amount != 0 && amount % unit.getValue() == 0) {
                return amount / unit.getValue() + unit.getKey();
            }
        }
        return Long.toString(amount);
    }

    private static Map<String, Long> descending(Object... namesAndFactors) {
        Map<String, Long> units = new LinkedHashMap<>();
        for (int i = 0; i < namesAndFactors.length; i += 2) {
            units.put((String) namesAndFactors[i], (Long) namesAndFactors[i + 1]);
        }
        return units;
    }
}
