package io.tidegate.config;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Creates records from a tree, using reflection on their components. If a key is missing from the tree, its default
 * value is kept. A value that cannot be used is reported and replaced by the default, so that one pass finds every
 * problem.
 */
final class Binder {

    private final List<ConfigProblem> problems;

    Binder(List<ConfigProblem> problems) {
        this.problems = problems;
    }

    /** Returns the record that the tree describes. The result must not be used if there are problems. */
    <T extends Record> T bind(T defaults, ConfigNode.Branch tree) {
        Object bound = value(new Slot("", "", defaults.getClass(), defaults), tree);
        @SuppressWarnings("unchecked")
        T settings = bound == null ? defaults : (T) bound;
        return settings;
    }

    /** A place in the tree, with the type and the default of its value. */
    record Slot(String path, String key, Type type, @Nullable Object fallback) {

        Class<?> raw() {
            return type instanceof ParameterizedType generic ? (Class<?>) generic.getRawType() : (Class<?>) type;
        }

        Type argument(int index) {
            return ((ParameterizedType) type).getActualTypeArguments()[index];
        }

        Slot child(String name, Type childType, @Nullable Object childFallback) {
            return new Slot(Names.child(path, name), name, childType, childFallback);
        }
    }

    /** Returns the value for a slot, or null after reporting a problem. */
    @Nullable
    Object value(Slot slot, ConfigNode node) {
        if (slot.raw().isRecord()) {
            return new RecordBinder(this, slot).bind(node);
        } else if (slot.raw() == List.class) {
            return list(slot, node);
        } else if (slot.raw() == Map.class) {
            return map(slot, node);
        }
        return scalar(slot, node);
    }

    private @Nullable Object list(Slot slot, ConfigNode node) {
        if (node instanceof ConfigNode.Empty) {
            return slot.fallback();
        } else if (!(node instanceof ConfigNode.Sequence)) {
            problem(slot.path(), "must be a list", node.where());
            return null;
        }
        List<Object> items = new ArrayList<>();
        List<ConfigNode> nodes = ((ConfigNode.Sequence) node).items();
        for (int i = 0; i < nodes.size(); i++) {
            Object item = value(new Slot(slot.path() + '[' + i + ']', "", slot.argument(0), null), nodes.get(i));
            if (item != null) {
                items.add(item);
            }
        }
        return items.size() == nodes.size() ? items : null;
    }

    /**
     * Reads a map. If the keys are arbitrary names, the entries in the file replace the default entries. If they are
     * enum constants, default entries that are not in the file are kept. The missing parts of an entry are taken from
     * the default entry with the same name, if there is one.
     */
    private @Nullable Object map(Slot slot, ConfigNode node) {
        if (node instanceof ConfigNode.Empty) {
            return slot.fallback();
        } else if (!(node instanceof ConfigNode.Branch)) {
            problem(slot.path(), "must be a mapping of names to values", node.where());
            return null;
        }
        ConfigNode.Branch branch = (ConfigNode.Branch) node;
        Class<?> keys = (Class<?>) slot.argument(0);
        Map<?, ?> defaults = slot.fallback() instanceof Map<?, ?> map ? map : Map.of();
        Map<Object, Object> entries = new LinkedHashMap<>();
        if (keys.isEnum() || !branch.complete()) {
            entries.putAll(defaults);
        }
        boolean usable = true;
        for (Map.Entry<String, ConfigNode> child : branch.children().entrySet()) {
            Object name = name(slot, keys, child);
            Object item = name == null
                    ? null
                    : value(slot.child(child.getKey(), slot.argument(1), defaults.get(name)), child.getValue());
            if (name != null && item != null) {
                entries.put(name, item);
            } else {
                usable = false;
            }
        }
        return usable ? entries : null;
    }

    private @Nullable Object name(Slot slot, Class<?> keys, Map.Entry<String, ConfigNode> child) {
        return parsed(
                new Slot(Names.child(slot.path(), child.getKey()), "", keys, null), child.getKey(), child.getValue());
    }

    private @Nullable Object scalar(Slot slot, ConfigNode node) {
        if (node instanceof ConfigNode.Scalar scalar) {
            return parsed(slot, scalar.text(), node);
        }
        problem(
                slot.path(),
                node instanceof ConfigNode.Empty ? "has no value" : "must be a single value",
                node.where());
        return null;
    }

    private @Nullable Object parsed(Slot slot, String text, ConfigNode node) {
        try {
            return Values.parse(text, slot.raw(), Names.countsBytes(slot.key()));
        } catch (IllegalArgumentException expected) {
            String shown = Names.secret(slot.key()) ? "" : ", not '" + text + "'";
            problem(slot.path(), expected.getMessage() + shown, node.where());
            return null;
        }
    }

    void problem(String path, @Nullable String message, String where) {
        problems.add(new ConfigProblem(path, message == null ? "is not valid" : message, where));
    }
}
