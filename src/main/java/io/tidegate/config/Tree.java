package io.tidegate.config;

import io.tidegate.source.Names;
import io.tidegate.source.Node;
import java.lang.reflect.RecordComponent;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A record as the tree that would be read as it. */
final class Tree {

    private Tree() {}

    static Node.Branch of(Record value) {
        Map<String, Node> children = new LinkedHashMap<>();
        for (RecordComponent component : value.getClass().getRecordComponents()) {
            String key = Names.dashed(component.getName());
            children.put(key, node(key, read(component, value)));
        }
        return new Node.Branch(children, "", true);
    }

    /** The value of one component. */
    static Object read(RecordComponent component, Record value) {
        try {
            component.getAccessor().setAccessible(true);
            return component.getAccessor().invoke(value);
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException(component.toString(), impossible);
        }
    }

    private static Node node(String key, Object value) {
        if (value instanceof Record nested) {
            return of(nested);
        } else if (value instanceof List<?> list) {
            return new Node.Sequence(list.stream().map(item -> node(key, item)).toList(), "");
        } else if (value instanceof Map<?, ?> map) {
            // Sorted, because maps that were copied have no order of their own: enums as declared, names by letter.
            Map<String, Node> children = new LinkedHashMap<>();
            new TreeMap<>(map)
                    .forEach((name, item) ->
                            children.put(Values.print(name, false), node(Values.print(name, false), item)));
            return new Node.Branch(children, "", true);
        }
        return new Node.Scalar(Values.print(value, Names.countsBytes(key)), "");
    }
}
