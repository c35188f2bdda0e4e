package io.tidegate.config;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One value of a configuration as it is written, before its type is known. */
sealed interface ConfigNode {

    /** Returns the source of the value: the file and line, the variable or the flag. */
    String where();

    /** A single value. */
    record Scalar(String text, String where) implements ConfigNode {}

    /** A key without a value, for example because all keys below it are commented out. */
    record Empty(String where) implements ConfigNode {}

    record Sequence(List<ConfigNode> items, String where) implements ConfigNode {
        public Sequence {
            items = List.copyOf(items);
        }
    }

    /**
     * A set of keys with their values.
     *
     * @param complete whether the entries of a map with free names replace the default ones instead of adding to them
     */
    record Branch(Map<String, ConfigNode> children, String where, boolean complete) implements ConfigNode {

        public Branch {
            children = Collections.unmodifiableMap(new LinkedHashMap<>(children));
        }

        /**
         * Returns this branch with a value added at its path. A value in the middle of the path that is not a branch is
         * kept, so that it is reported.
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

        /** Returns the paths of all scalars below this branch, except those in sequences, by their dotted form. */
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
