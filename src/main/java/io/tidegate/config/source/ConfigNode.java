package io.tidegate.config.source;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One value of a configuration as written, before anybody knows what type it should have. */
public sealed interface ConfigNode {

    /** The file and line, the variable or the flag that wrote it. */
    String where();

    /** A value. */
    record Scalar(String text, String where) implements ConfigNode {}

    /** A key with nothing behind it, as is left when all below it is commented out. */
    record Empty(String where) implements ConfigNode {}

    record Sequence(List<ConfigNode> items, String where) implements ConfigNode {
        public Sequence {
            items = List.copyOf(items);
        }
    }

    /**
     * Keys with their values.
     *
     * @param complete whether a map that has free names holds only these, rather than these besides the default ones
     */
    record Branch(Map<String, ConfigNode> children, String where, boolean complete) implements ConfigNode {

        public Branch {
            children = Collections.unmodifiableMap(new LinkedHashMap<>(children));
        }

        /** Puts a value in at its place; what is no branch on the way there stays, so that it is reported as that. */
        public Branch with(List<String> path, Scalar value) {
            Map<String, ConfigNode> changed = new LinkedHashMap<>(children);
            changed.merge(path.get(0), below(path, value), (old, added) -> {
                if (path.size() == 1 || old instanceof Empty) {
                    return added;
                }
                return old instanceof Branch branch ? branch.with(path.subList(1, path.size()), value) : old;
            });
            return new Branch(changed, where, complete);
        }

        private static ConfigNode below(List<String> path, Scalar value) {
            return path.size() == 1
                    ? value
                    : new Branch(Map.of(), value.where(), false).with(path.subList(1, path.size()), value);
        }

        /** The path of every scalar that lies under branches alone, by its dotted form. */
        public Map<String, List<String>> leaves() {
            Map<String, List<String>> found = new LinkedHashMap<>();
            collect(List.of(), found);
            return found;
        }

        private void collect(List<String> path, Map<String, List<String>> found) {
            children.forEach((key, child) -> {
                List<String> here = new ArrayList<>(path);
                here.add(key);
                if (child instanceof Branch branch) {
                    branch.collect(here, found);
                } else if (child instanceof Scalar) {
                    found.put(String.join(".", here), List.copyOf(here));
                }
            });
        }
    }
}
