package io.tidegate.edge.message;

import io.vertx.core.MultiMap;
import java.util.List;
import java.util.Locale;
import java.util.Map.Entry;
import java.util.Set;

/** Copies those trailers (fields after a body) that a proxy may forward. */
public final class Trailers {

    /**
     * Fields that are needed before the body and therefore must not be trailers: fields for framing, routing,
     * conditions, credentials and the format of the body
     * (<a href="https://www.rfc-editor.org/rfc/rfc9110#section-6.5.1">RFC 9110 6.5.1</a>).
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

    /** Copies the fields that may be forwarded. */
    public static void copy(MultiMap from, MultiMap to) {
        if (!from.isEmpty()) {
            copy(from, HopByHop.named(from), to);
        }
    }

    /**
     * Copies the fields that may be forwarded.
     *
     * @param named the fields that the message's {@code Connection} header names
     */
    public static void copy(Iterable<Entry<String, String>> from, List<String> named, MultiMap to) {
        for (Entry<String, String> field : from) {
            if (mayForward(field.getKey(), named)) {
                to.add(field.getKey(), field.getValue());
            }
        }
    }

    private static boolean mayForward(String name, List<String> named) {
        String lower = name.toLowerCase(Locale.ROOT);
        return !NEVER.contains(lower)
                && !lower.startsWith("if-")
                && !lower.startsWith("grip-")
                && !HopByHop.includes(name, named)
                && !ClientFields.include(name);
    }
}
