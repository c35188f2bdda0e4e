package io.tidegate.ops;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** One value for each of a fixed set of labels, and one for all that are in no set. Read-only, so safe anywhere. */
final class LabelMap<T> {

    static final String OTHER = "other";

    private final Map<String, T> values = new HashMap<>();
    private final T other;

    LabelMap(Set<String> labels, Function<String, T> make) {
        other = make.apply(OTHER);
        labels.forEach(label -> values.put(label, label.equals(OTHER) ? other : make.apply(label)));
        values.put(OTHER, other);
    }

    T get(String label) {
        return values.getOrDefault(label, other);
    }

    Collection<T> values() {
        return values.values();
    }
}
