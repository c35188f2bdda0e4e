package io.tidegate.config;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes one record. Its compact constructor has the last word: it refuses with an {@link IllegalArgumentException}, and
 * when the message begins with a key ({@code "port must be 0 to 65535"}, {@code "origins[1].prefix is …"}) the problem is
 * reported at that key and the constructor asked again with the default there, which finds the next problem.
 */
final class RecordBinder {

    private final Binder binder;
    private final Binder.Slot slot;
    private final RecordComponent[] components;
    private final List<String> keys;
    private final @Nullable Object[] values;
    private final @Nullable Object[] fallbacks;

    RecordBinder(Binder binder, Binder.Slot slot) {
        this.binder = binder;
        this.slot = slot;
        this.components = slot.raw().getRecordComponents();
        this.keys = Arrays.stream(components)
                .map(component -> Names.dashed(component.getName()))
                .toList();
        this.values = new Object[components.length];
        this.fallbacks = new Object[components.length];
    }

    @Nullable
    Object bind(Node node) {
        if (node instanceof Node.Empty && slot.fallback() != null) {
            return slot.fallback();
        } else if (!(node instanceof Node.Branch)) {
            binder.problem(slot.path(), "must hold keys with values", node.where());
            return slot.fallback();
        }
        Node.Branch branch = (Node.Branch) node;
        branch.children().forEach(this::refuseUnknown);
        boolean complete = true;
        for (int i = 0; i < components.length; i++) {
            complete &= fill(i, branch);
        }
        return complete ? construct(branch) : slot.fallback();
    }

    private void refuseUnknown(String key, Node child) {
        if (!keys.contains(key)) {
            String hint = Names.nearest(key, keys)
                    .map(name -> "did you mean " + name + "?")
                    .orElse("known here: " + String.join(", ", keys));
            binder.problem(Names.child(slot.path(), key), "is not a known key; " + hint, child.where());
        }
    }

    /** Whether the component has a value to go on with. */
    private boolean fill(int i, Node.Branch branch) {
        fallbacks[i] = slot.fallback() instanceof Record whole ? Tree.read(components[i], whole) : null;
        Node child = branch.children().get(keys.get(i));
        if (child != null) {
            values[i] = binder.value(slot.child(keys.get(i), components[i].getGenericType(), fallbacks[i]), child);
        } else if (fallbacks[i] == null) {
            binder.problem(Names.child(slot.path(), keys.get(i)), "is required", branch.where());
        }
        if (values[i] == null) {
            values[i] = fallbacks[i];
        }
        return values[i] != null;
    }

    private @Nullable Object construct(Node.Branch branch) {
        while (true) {
            try {
                return constructor().newInstance(values);
            } catch (InvocationTargetException refused) {
                if (!report(refused.getCause(), branch)) {
                    return slot.fallback();
                }
            } catch (ReflectiveOperationException impossible) {
                throw new IllegalStateException(slot.raw().getName(), impossible);
            }
        }
    }

    /** Whether it is worth asking again. */
    private boolean report(@Nullable Throwable refusal, Node.Branch branch) {
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

    private static String where(Node.Branch branch, String key) {
        Map<String, Node> children = branch.children();
        Node child = children.get(key);
        return child == null ? "" : child.where();
    }

    private Constructor<?> constructor() throws NoSuchMethodException {
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        Constructor<?> constructor = slot.raw().getDeclaredConstructor(types);
        constructor.setAccessible(true);
        return constructor;
    }
}
