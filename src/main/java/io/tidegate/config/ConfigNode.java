package io.tidegate.config;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A configuration value as written, before its type is known. */
sealed interface ConfigNode {

    /** Returns where the value was set: the file and line, the variable or the flag. */
    String where();

    /** A single value. */
    record Scalar(String text, String where) implements ConfigNode {}

    /** A key without a value, for example because all keys under it are commented out. */
    record Empty(String where) implements ConfigNode {}

    record Sequence(List<ConfigNode> items, String where) implements ConfigNode {
        public Sequence {
            items = List.copyOf(items);
        }
    }

    /**
     * A set of keys with their values.
     *
     * @param complete whether the entries of a map with arbitrary names replace the default entries instead of being
     *     added to them
     */
    record Branch(Map<String, ConfigNode> children, String where, boolean complete) implements ConfigNode {

        public Branch {
            children = Collections.unmodifiableMap(new LinkedHashMap<>(children));
        }

        /**
         * Returns this branch with a value added at a path. If a node in the middle of the path is not a branch, that
         * node is kept so that it is reported as a problem.
         */
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

        /**
         * Returns the paths of all scalars under this branch, except those in sequences, keyed by their dotted form.
         */
        public Map<String, List<String>> leaves() {
            Map<String, List<String>> found = new LinkedHashMap<>();
            collect(List.of(), found);
            return found;
        }

        private void collect(List<String> path, Map<String, List<String>> found) {
            children.forEach((key, child) -> {
                List<String> childPath = new ArrayList<>(path);
                childPath.add(key);
                if (child instanceof Branch branch) {
                    branch.collect(childPath, found);
                } else if (child instanceof Scalar) {
                    found.put(String.join(".", childPath), List.copyOf(childPath));
                }
            });
        }
    }
}
