package io.tidegate.edge.message;

import io.vertx.core.MultiMap;
import java.util.List;
import java.util.Locale;
import java.util.Map.Entry;
import java.util.Set;

/** Fields that follow a body, and which of them a proxy may pass on. */
public final class Trailers {

    /**
     * Fields whose meaning is needed before the body, so that a trailer must not carry them: framing, routing, conditions,
     * credentials, and how the body is read (<a href="https://www.rfc-editor.org/rfc/rfc9110#section-6.5.1">RFC 9110 6.5.1</a>).
     */
    private static final Set<String> NEVER = Set.of(
            "age",
            "authorization",
            "cache-control",
            "content-encoding",
            "content-length",
            "content-range",
            "content-type",
            "cookie",
            "date",
            "expect",
            "expires",
            "host",
            "location",
            "max-forwards",
            "pragma",
            "range",
            "retry-after",
            "set-cookie",
            "trailer",
            "vary",
            "warning",
            "www-authenticate");

    private Trailers() {}

    /** Copies the fields that may pass. */
    public static void copy(MultiMap from, MultiMap to) {
        if (!from.isEmpty()) {
            copy(from, HopByHop.named(from), to);
        }
    }

    /**
     * Copies the fields that may pass.
     *
     * @param named the fields that the {@code Connection} field of the message names
     */
    public static void copy(Iterable<Entry<String, String>> from, List<String> named, MultiMap to) {
        for (Entry<String, String> field : from) {
            if (mayPass(field.getKey(), named)) {
                to.add(field.getKey(), field.getValue());
            }
        }
    }

    private static boolean mayPass(String name, List<String> named) {
        String lower = name.toLowerCase(Locale.ROOT);
        return !NEVER.contains(lower)
                && !lower.startsWith("if-")
                && !lower.startsWith("grip-")
                && !HopByHop.ends(name, named)
                && !ClientFields.include(name);
    }
}
