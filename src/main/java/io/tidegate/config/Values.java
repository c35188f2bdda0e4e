package io.tidegate.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Parses and formats single values. Parsing a formatted value yields an equal value. */
final class Values {

    private Values() {}

    /**
     * Parses a value.
     *
     * @throws IllegalArgumentException with a message that states the expected form
     */
    static Object parse(String text, Class<?> type, boolean bytes) {
        if (type == String.class) {
            return text;
        } else if (type == boolean.class) {
            return bool(text);
        } else if (type == int.class || type == long.class) {
            return number(text, type, bytes);
        } else if (type == Duration.class) {
            return Durations.parse(text);
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
            return Durations.print(duration);
        } else if (bytes && value instanceof Number number) {
            return Units.BYTES.print(number.longValue());
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
            long value = (bytes ? Units.BYTES : Units.NONE).parse(text);
            if (type == long.class) {
                return value;
            }
            return Math.toIntExact(value);
        } catch (NumberFormatException notANumber) {
            throw new IllegalArgumentException(
                    bytes ? "must be a number of bytes such as 65536, 64KiB or 1MiB" : "must be a whole number",
                    notANumber);
        } catch (ArithmeticException tooLarge) {
            throw new IllegalArgumentException("must fit into " + (type == long.class ? 64 : 32) + " bits", tooLarge);
        }
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
}
