package io.tidegate.meter;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/**
 * One meter for each constant of an enum. All of them are registered at construction, so that every series exists from
 * the start, and a lookup costs one array access. Since only constants can be labels, clients cannot create series.
 * Thread-safe.
 *
 * @param <E> the enum whose constants are the values of the label
 * @param <T> the type of the meter, or a {@code Labelled} of meters with a further label
 */
public final class Labelled<E extends Enum<E>, T> {

    /**
     * An additional label value of some metrics. Its series are never incremented, but they are kept because dashboards
     * may refer to them.
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

    /** Registers a meter for each constant, and one with the value {@link #OTHER}. */
    public static <E extends Enum<E>, T> Labelled<E, T> withOther(
            Class<E> type, Function<E, String> label, Function<String, T> register) {
        Labelled<E, T> meters = of(type, label, register);
        T unused = register.apply(OTHER);
        return meters;
    }

    /** Returns a constant's name in lower case, as it is used in labels. */
    public static String lowerCase(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    @SuppressWarnings("NullAway") // there is one for each constant
    public T get(E constant) {
        return meters.get(constant);
    }
}
