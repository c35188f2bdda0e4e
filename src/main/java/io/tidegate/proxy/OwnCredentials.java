package io.tidegate.proxy;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Removes the gateway's own credentials from forwarded requests; an origin could otherwise use them to impersonate the
 * client. {@code Authorization} is forwarded, because origins use it too.
 */
final class OwnCredentials {

    static final String COOKIE = "tidegate";
    static final String TICKET = "ticket";

    /** The syntax of the gateway's tickets: a prefix and 256 bits in base64url. */
    private static final Pattern FORM = Pattern.compile("tide-[A-Za-z0-9_-]{43}");

    private OwnCredentials() {}

    /** Returns the value of a {@code Cookie} field without the gateway's cookie; empty if there is no other cookie. */
    static Optional<String> stripCookie(String value) {
        if (!value.contains(COOKIE)) {
            return Optional.of(value);
        }
        String left = Arrays.stream(value.split(";"))
                .map(String::strip)
                .filter(pair -> !pair.isEmpty() && !name(pair).strip().equals(COOKIE))
                .collect(Collectors.joining("; "));
        return left.isEmpty() ? Optional.empty() : Optional.of(left);
    }

    /** Returns a request target or URL without the gateway's tickets, and otherwise byte for byte unchanged. */
    static String stripTicket(String target) {
        int start = target.indexOf('?');
        if (start < 0) {
            return target;
        }
        int end = target.indexOf('#', start);
        String query = end < 0 ? target.substring(start + 1) : target.substring(start + 1, end);
        String left = stripQuery(query);
        if (left.length() == query.length()) {
            return target;
        }
        return target.substring(0, start) + (left.isEmpty() ? "" : "?" + left) + (end < 0 ? "" : target.substring(end));
    }

    /**
     * Removes tickets from a query. The query is also split at {@code ;}, because code that reads tickets may do so.
     */
    private static String stripQuery(String query) {
        StringBuilder left = new StringBuilder(query.length());
        boolean first = true;
        for (int from = 0, to; from <= query.length(); from = to + 1) {
            to = endOfParameter(query, from);
            String pair = query.substring(from, to);
            if (!isTicket(pair)) {
                left.append(first ? "" : query.charAt(from - 1)).append(pair);
                first = false;
            }
        }
        return left.toString();
    }

    private static int endOfParameter(String query, int from) {
        int end = from;
        while (end < query.length() && query.charAt(end) != '&' && query.charAt(end) != ';') {
            end++;
        }
        return end;
    }

    /**
     * Returns whether the parameter has the form of the gateway's tickets. Its name alone is not enough, because an
     * origin may use the same parameter name.
     */
    private static boolean isTicket(String pair) {
        String name = name(pair);
        return name.length() < pair.length()
                && decoded(name).equals(TICKET)
                && FORM.matcher(decoded(pair.substring(name.length() + 1))).matches();
    }

    private static String decoded(String text) {
        try {
            return text.indexOf('%') < 0 ? text : URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notEncoded) {
            return text;
        }
    }

    private static String name(String pair) {
        int equals = pair.indexOf('=');
        return equals < 0 ? pair : pair.substring(0, equals);
    }
}
