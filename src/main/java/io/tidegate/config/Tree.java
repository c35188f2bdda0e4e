package io.tidegate.config;

import java.lang.reflect.RecordComponent;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Converts a record to the tree from which it would be read. */
final class Tree {

    private Tree() {}

    static ConfigNode.Branch of(Record value) {
        Map<String, ConfigNode> children = new LinkedHashMap<>();
        for (RecordComponent component : value.getClass().getRecordComponents()) {
            String key = Names.dashed(component.getName());
            children.put(key, node(key, read(component, value)));
        }
        return new ConfigNode.Branch(children, "", true);
    }

    /** Returns the value of a component. */
    static Object read(RecordComponent component, Record value) {
        try {
            component.getAccessor().setAccessible(true);
            return component.getAccessor().invoke(value);
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException(component.toString(), impossible);
        }
    }

    private static ConfigNode node(String key, Object value) {
        if (value instanceof Record nested) {
            return of(nested);
        } else if (value instanceof List<?> list) {
            return new ConfigNode.Sequence(
                    list.stream().map(item -> node(key, item)).toList(), "");
        } else if (value instanceof Map<?, ?> map) {
            // The keys are sorted because copied maps have no defined order. Enum constants are sorted by their
            // declaration order and names alphabetically.
            Map<String, ConfigNode> children = new LinkedHashMap<>();
            new TreeMap<>(map)
                    .forEach((name, item) ->
                            children.put(Values.print(name, false), node(Values.print(name, false), item)));
            return new ConfigNode.Branch(children, "", true);
        }
        return new ConfigNode.Scalar(Values.print(value, Names.countsBytes(key)), "");
    }
}
