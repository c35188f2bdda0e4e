package io.tidegate.edge.message;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Recognizes the fields that apply to one connection only
 * (<a href="https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1">RFC 9110 7.6.1</a>), including the two proxy
 * authentication fields (11.7).
 */
public final class HopByHop {

    private static final List<String> END_TO_END = List.of(
            "content-length",
            "transfer-encoding",
            "host",
            "authorization",
            "cookie",
            "set-cookie",
            "content-type",
            "content-encoding",
            "content-range");

    private HopByHop() {}

    /**
     * Returns the options in {@code Connection}, which include the names of further fields that apply to the connection
     * only.
     */
    public static List<String> named(MultiMap headers) {
        return headers.contains(HttpHeaders.CONNECTION) ? options(headers.getAll(HttpHeaders.CONNECTION)) : List.of();
    }

    /** Returns the options listed in the lines of a {@code Connection} field. */
    public static List<String> options(List<String> lines) {
        List<String> options = new ArrayList<>(2);
        for (String line : lines) {
            for (String option : line.split(",", -1)) {
                options.add(option.strip());
            }
        }
        return options;
    }

    /**
     * Returns whether {@code Connection} names a field that belongs to the message rather than to the connection.
     * Senders must not name such fields (<a href="https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1">RFC 9110
     * 7.6.1</a>): if these fields were removed, the message would have a different end, recipient or meaning.
     */
    public static boolean namesEndToEndField(MultiMap headers) {
        for (String name : named(headers)) {
            if (isIn(name, END_TO_END)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Returns whether the field applies to the connection only and must not be forwarded.
     *
     * @param named the result of {@link #named} for the same headers
     */
    public static boolean includes(String field, List<String> named) {
        return includes(field) || isIn(field, named);
    }

    /** Returns whether a list contains a name, ignoring case. */
    public static boolean isIn(String field, List<String> names) {
        for (String name : names) {
            if (field.equalsIgnoreCase(name)) {
                return true;
            }
        }
        return false;
    }

    private static boolean includes(String field) {
        return switch (field.length()) {
            case 2, 7, 10, 16, 17, 18, 19 ->
                switch (field.toLowerCase(Locale.ROOT)) {
                    case "te",
                            "upgrade",
                            "connection",
                            "keep-alive",
                            "proxy-connection",
                            "transfer-encoding",
                            "proxy-authenticate",
                            "proxy-authorization" -> true;
                    default -> false;
                };
            default -> false;
        };
    }

    /**
     * Prepares the response for a body of unknown length. For an HTTP/1.0 client, such a body ends when the connection
     * is closed (RFC 9112 6.3).
     */
    public static void allowUnknownLength(RoutingContext ctx) {
        HttpServerResponse response = ctx.response();
        if (ctx.request().version() != HttpVersion.HTTP_1_0) {
            response.setChunked(true);
        } else {
            // This handler runs after the server has added its own keep-alive header.
            ctx.addHeadersEndHandler(head -> response.headers().set(HttpHeaders.CONNECTION, HttpHeaders.CLOSE));
            ctx.addEndHandler(sent -> ctx.request().connection().close());
        }
    }

    /** Copies the end-to-end fields. */
    public static void copy(MultiMap from, MultiMap to) {
        List<String> named = named(from);
        from.forEach((name, value) -> {
            if (!includes(name, named)) {
                to.add(name, value);
            }
        });
    }
}
