package io.tidegate.config;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds the differences between two configuration records of the same type. */
public final class Differences {

    private final List<String> paths = new ArrayList<>();

    private Differences() {}

    /**
     * Returns the keys of the values that differ, in the order of the record components. A list counts as one value.
     */
    public static List<String> between(Record one, Record other) {
        Differences differences = new Differences();
        differences.compare("", Tree.of(one), Tree.of(other));
        return List.copyOf(differences.paths);
    }

    private void compare(String path, @Nullable ConfigNode one, @Nullable ConfigNode other) {
        if (one instanceof ConfigNode.Branch a && other instanceof ConfigNode.Branch b) {
            Set<String> keys = new LinkedHashSet<>(a.children().keySet());
            keys.addAll(b.children().keySet());
            keys.forEach(key -> compare(
                    Names.child(path, key), a.children().get(key), b.children().get(key)));
        } else if (!Objects.equals(one, other)) {
            paths.add(path);
        }
    }
}
