package io.tidegate.config;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Creates a record. The record's compact constructor decides whether the values are valid and throws an
 * {@link IllegalArgumentException} if they are not. If the message begins with a key ({@code "port must be …"},
 * {@code "origins[1].prefix must …"}), the problem is reported at that key, and the constructor is called again with
 * the default value for that key in order to find the next problem.
 *
 * <p>In a list, all keys of a record are required, unless the record has a shorter constructor that accepts only its
 * first components. Then only these components are required, and that constructor provides the defaults of the others.
 */
final class RecordBinder {

    private final Binder binder;
    private final Binder.Slot slot;
    private final RecordComponent[] components;
    private final List<String> keys;
    private final @Nullable Object[] values;
    private final @Nullable Object[] fallbacks;
    private @Nullable Record defaults;

    RecordBinder(Binder binder, Binder.Slot slot) {
        this.binder = binder;
        this.slot = slot;
        this.components = slot.raw().getRecordComponents();
        this.keys = Arrays.stream(components)
                .map(component -> Names.dashed(component.getName()))
                .toList();
        this.values = new Object[components.length];
        this.fallbacks = new Object[components.length];
        this.defaults = slot.fallback() instanceof Record whole ? whole : null;
    }

    @Nullable
    Object bind(ConfigNode node) {
        if (node instanceof ConfigNode.Empty && slot.fallback() != null) {
            return slot.fallback();
        } else if (!(node instanceof ConfigNode.Branch)) {
            binder.problem(slot.path(), "must be a mapping of keys to values", node.where());
            return slot.fallback();
        }
        ConfigNode.Branch branch = (ConfigNode.Branch) node;
        branch.children().forEach(this::refuseUnknown);
        int required = defaults == null ? required() : 0;
        boolean complete = fill(0, required, branch);
        if (complete && required > 0 && required < components.length) {
            defaults = (Record) construct(required, branch);
            complete = defaults != null;
        }
        complete &= fill(required, components.length, branch);
        return complete ? construct(components.length, branch) : slot.fallback();
    }

    /** Returns the number of leading components that are required if there is no default record. */
    private int required() {
        return Arrays.stream(slot.raw().getDeclaredConstructors())
                .mapToInt(Constructor::getParameterCount)
                .filter(count -> count > 0)
                .min()
                .orElse(components.length);
    }

    private boolean fill(int from, int to, ConfigNode.Branch branch) {
        boolean complete = true;
        for (int i = from; i < to; i++) {
            complete &= fill(i, branch, to < components.length || from == 0);
        }
        return complete;
    }

    private void refuseUnknown(String key, ConfigNode child) {
        if (!keys.contains(key)) {
            String hint = Names.nearest(key, keys)
                    .map(name -> "did you mean " + name + "?")
                    .orElse("known keys: " + String.join(", ", keys));
            binder.problem(Names.child(slot.path(), key), "is not a known key; " + hint, child.where());
        }
    }

    /** Reads a component. Returns whether it has a value, even if that is only the default. */
    private boolean fill(int i, ConfigNode.Branch branch, boolean needed) {
        fallbacks[i] = defaults == null ? null : Tree.read(components[i], defaults);
        ConfigNode child = branch.children().get(keys.get(i));
        if (child != null) {
            values[i] = binder.value(slot.child(keys.get(i), components[i].getGenericType(), fallbacks[i]), child);
        } else if (fallbacks[i] == null && needed) {
            binder.problem(Names.child(slot.path(), keys.get(i)), "is required", branch.where());
        }
        if (values[i] == null) {
            values[i] = fallbacks[i];
        }
        return values[i] != null;
    }

    /** Calls the constructor that takes the first {@code count} components. */
    private @Nullable Object construct(int count, ConfigNode.Branch branch) {
        while (true) {
            try {
                return constructor(count).newInstance(Arrays.copyOf(values, count));
            } catch (InvocationTargetException refused) {
                if (!report(refused.getCause(), branch)) {
                    return slot.fallback();
                }
            } catch (ReflectiveOperationException impossible) {
                throw new IllegalStateException(slot.raw().getName(), impossible);
            }
        }
    }

    /** Reports an exception that the constructor has thrown. Returns whether the constructor should be called again. */
    private boolean report(@Nullable Throwable refusal, ConfigNode.Branch branch) {
        String message = refusal instanceof RuntimeException ? refusal.getMessage() : null;
        if (message == null) {
            throw new IllegalStateException(slot.raw().getName(), refusal);
        }
        String blamed = message.substring(0, Math.max(0, message.indexOf(' ')));
        int component = keys.indexOf(blamed.replaceFirst("[.\\[].*", ""));
        if (component < 0) {
            binder.problem(slot.path(), message, branch.where());
            return false;
        }
        binder.problem(
                Names.child(slot.path(), blamed),
                message.substring(blamed.length() + 1),
                where(branch, keys.get(component)));
        boolean given = values[component] != fallbacks[component];
        values[component] = fallbacks[component];
        return given && values[component] != null;
    }

    private static String where(ConfigNode.Branch branch, String key) {
        Map<String, ConfigNode> children = branch.children();
        ConfigNode child = children.get(key);
        return child == null ? "" : child.where();
    }

    private Constructor<?> constructor(int count) throws NoSuchMethodException {
        Class<?>[] types = Arrays.stream(components)
                .limit(count)
                .map(RecordComponent::getType)
                .toArray(Class<?>[]::new);
        Constructor<?> constructor = slot.raw().getDeclaredConstructor(types);
        constructor.setAccessible(true);
        return constructor;
    }
}
