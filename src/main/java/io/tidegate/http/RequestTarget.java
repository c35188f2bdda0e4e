package io.tidegate.http;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The form of a request target in which no two programs read different paths: decoding it once, twice or not at all,
 * resolving dots, merging slashes or dropping parameters of segments leaves its segments what they are. Every other one is
 * refused, not repaired, so that what is decided by a prefix here (a route, an exemption, an origin) holds for whoever
 * gets the request next. Of the forms of <a href="https://www.rfc-editor.org/rfc/rfc9112#section-3.2">RFC 9112, 3.2</a>
 * this is the origin form alone: the absolute form names a second host beside {@code Host}.
 */
final class RequestTarget {

    /** Once in lower case, and with every spelling of a dot and a semicolon made plain. */
    private static final Pattern AMBIGUOUS = Pattern.compile(
            // slashes, backslashes and NUL in escapes, and in escapes of escapes; an empty segment, also before
            // ;parameters
            "%(25)*(2f|5c|00)|\\\\|/[/;]"
                    // dot segments, also before ;parameters
                    + "|/\\.\\.?(/|;|$)"
                    // an escape that is none
                    + "|%(?![0-9a-f]{2})"
                    // UTF-8 that is longer than it needs to be: %c0%af is a slash to some
                    + "|%c[01]%[89ab]|%e0%[89]|%f0%8");

    private static final Pattern DOT = Pattern.compile("%(25)*2e");
    private static final Pattern SEMICOLON = Pattern.compile("%(25)*3b");

    private RequestTarget() {}

    /** Whether a target, as received, is in this form. */
    static boolean plain(String uri) {
        int query = uri.indexOf('?');
        String path = (query < 0 ? uri : uri.substring(0, query)).toLowerCase(Locale.ROOT);
        return path.startsWith("/")
                && path.chars().allMatch(c -> c > ' ' && c < 0x7f)
                && uri.chars().allMatch(c -> c > ' ' && c != 0x7f && c != '#')
                && !AMBIGUOUS.matcher(spelledOut(path)).find();
    }

    private static String spelledOut(String path) {
        return path.indexOf('%') < 0
                ? path
                : SEMICOLON.matcher(DOT.matcher(path).replaceAll(".")).replaceAll(";");
    }
}
