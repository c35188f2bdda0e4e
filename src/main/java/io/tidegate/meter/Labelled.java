package io.tidegate.meter;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/**
 * Holds one meter for each constant of an enum. All meters are registered at construction, so every series exists from
 * startup, and a lookup costs one array access. Only constants can be label values, so clients cannot create series.
 * Thread-safe.
 *
 * @param <E> the enum whose constants are the label values
 * @param <T> the type of the meters, or a {@code Labelled} whose meters have another label
 */
public final class Labelled<E extends Enum<E>, T> {

    /**
     * An additional label value that some metrics have. Its series are never incremented, but they are kept because
     * dashboards may refer to them.
     */
    public static final String OTHER = "other";

    private final Map<E, T> meters;

    private Labelled(Map<E, T> meters) {
        this.meters = meters;
    }

    /**
     * Registers a meter for each constant.
     *
     * @param label a function that returns the label value of a constant
     * @param register a function that registers the meter with that value
     */
    public static <E extends Enum<E>, T> Labelled<E, T> of(
            Class<E> type, Function<E, String> label, Function<String, T> register) {
        Map<E, T> meters = new EnumMap<>(type);
        for (E constant : type.getEnumConstants()) {
            meters.put(constant, register.apply(label.apply(constant)));
        }
        return new Labelled<>(meters);
    }

    /** Registers a meter for each constant, and another with the label value {@link #OTHER}. */
    public static <E extends Enum<E>, T> Labelled<E, T> withOther(
            Class<E> type, Function<E, String> label, Function<String, T> register) {
        Labelled<E, T> meters = of(type, label, register);
        T unused = register.apply(OTHER);
        return meters;
    }

    /** Returns a constant's name in lower case, which is the form used in labels. */
    public static String lowerCase(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    @SuppressWarnings("NullAway") // the map has a meter for every constant
    public T get(E constant) {
        return meters.get(constant);
    }
}
