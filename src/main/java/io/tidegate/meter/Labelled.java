package io.tidegate.meter;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/**
 * One meter for each constant of an enum. All of them are registered when this is built, so that every series exists from
 * the start, and finding one costs an array access. Since a label can only be a constant, nothing that a client sends can
 * become one. Safe from every thread.
 *
 * @param <E> what the label distinguishes
 * @param <T> the meter, or the meters of a further label
 */
public final class Labelled<E extends Enum<E>, T> {

    /**
     * A value that series of some metrics always had beside those of the constants. Nothing counts into them, but
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
     * @param label gives the label's value for a constant
     * @param register registers the meter with that value
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

    /** Returns a constant's name as labels have it, in lower case. */
    public static String lowerCase(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    @SuppressWarnings("NullAway") // there is one for each constant
    public T get(E constant) {
        return meters.get(constant);
    }
}
