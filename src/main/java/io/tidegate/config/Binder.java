package io.tidegate.config;

import io.tidegate.config.source.ConfigNode;
import io.tidegate.config.source.ConfigProblem;
import io.tidegate.config.source.Names;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes records of a tree, by reflection over their components. What the tree does not mention comes from the default
 * value; what cannot be used is reported and then taken from there too, so that one pass finds every problem.
 */
final class Binder {

    private final List<ConfigProblem> problems;

    Binder(List<ConfigProblem> problems) {
        this.problems = problems;
    }

    /** The record the tree asks for; only what it is worth when there are problems. */
    <T extends Record> T bind(T defaults, ConfigNode.Branch tree) {
        Object bound = value(new Slot("", "", defaults.getClass(), defaults), tree);
        @SuppressWarnings("unchecked")
        T settings = bound == null ? defaults : (T) bound;
        return settings;
    }

    /** One place of the tree: what belongs there, and what stands there if nothing is given. */
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

    /** The value of a slot, or null after having reported why there is none. */
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
     * Where the names are free, those in the file replace the default ones: what is not written there is not there.
     * Where they are an enum's, all of them stay. A name that is also among the default ones starts from its value.
     */
    private @Nullable Object map(Slot slot, ConfigNode node) {
        if (node instanceof ConfigNode.Empty) {
            return slot.fallback();
        } else if (!(node instanceof ConfigNode.Branch)) {
            problem(slot.path(), "must hold names with values", node.where());
            return null;
        }
        ConfigNode.Branch branch = (ConfigNode.Branch) node;
        Class<?> keys = (Class<?>) slot.argument(0);
        Map<?, ?> before = slot.fallback() instanceof Map<?, ?> map ? map : Map.of();
        Map<Object, Object> entries = new LinkedHashMap<>();
        if (keys.isEnum() || !branch.complete()) {
            entries.putAll(before);
        }
        boolean usable = true;
        for (Map.Entry<String, ConfigNode> child : branch.children().entrySet()) {
            Object name = name(slot, keys, child);
            Object item = name == null
                    ? null
                    : value(slot.child(child.getKey(), slot.argument(1), before.get(name)), child.getValue());
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
        problems.add(new ConfigProblem(path, message == null ? "is refused" : message, where));
    }
}
