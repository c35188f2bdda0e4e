package io.tidegate.proxy.origin;

import io.vertx.core.MultiMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Configured changes to the header fields of a forwarded message, which are applied after the gateway's own changes.
 *
 * @param set the fields to set, with their values, which replace all received values
 * @param remove the names of the fields to remove
 */
public record FieldChanges(Map<String, String> set, List<String> remove) {

    public static final FieldChanges NONE = new FieldChanges(Map.of(), List.of());

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]+");
    private static final Pattern VALUE = Pattern.compile("[!-~]([ \\t!-~]*[!-~])?|");
    /** The fields that belong to the framing or the connection and must not be changed. */
    private static final Set<String> FIXED = Set.of(
            "connection", "content-length", "host", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade");

    /**
     * Validates the components.
     *
     * @throws IllegalArgumentException if a component is invalid; the message begins with its name
     */
    public FieldChanges {
        set = Map.copyOf(set);
        remove = List.copyOf(remove);
        set.forEach((name, value) -> {
            check("set", name);
            if (!VALUE.matcher(value).matches()) {
                throw new IllegalArgumentException("set must have values of printable ASCII: '" + name + "'");
            }
        });
        remove.forEach(name -> check("remove", name));
    }

    private static void check(String key, String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(key + " must have valid field names: '" + name + "'");
        }
        if (FIXED.contains(name.toLowerCase(Locale.ROOT))) {
            throw new IllegalArgumentException(key + " must not name a field of the connection: " + name);
        }
    }

    /** Applies the changes to the headers of a message. */
    public void apply(MultiMap headers) {
        remove.forEach(headers::remove);
        set.forEach(headers::set);
    }
}
