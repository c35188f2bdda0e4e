package io.tidegate.http;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Checks that a request target is in plain form, which all programs interpret as the same path: its segments do not
 * change if it is decoded once, twice or not at all, if dot segments are resolved, if slashes are merged or if path
 * parameters are dropped. The gateway's own routes reject other targets rather than normalizing them. Only the origin
 * form of <a href="https://www.rfc-editor.org/rfc/rfc9112#section-3.2">RFC 9112, 3.2</a> is accepted, because the
 * absolute form names a second host in addition to {@code Host}.
 */
final class RequestTarget {

    /** Matches an ambiguous path. The path must be in lower case, with all dots and semicolons decoded. */
    private static final Pattern AMBIGUOUS = Pattern.compile(
            // escaped slashes, backslashes and NULs, even if escaped several times; unescaped backslashes; empty
            // segments, even with parameters
            "%(25)*(2f|5c|00)|\\\\|/[/;]"
                    // dot segments, even with parameters
                    + "|/\\.\\.?(/|;|$)"
                    // a malformed escape
                    + "|%(?![0-9a-f]{2})"
                    // overlong UTF-8: some decoders read %c0%af as a slash
                    + "|%c[01]%[89ab]|%e0%[89]|%f0%8");

    private static final Pattern DOT = Pattern.compile("%(25)*2e");
    private static final Pattern SEMICOLON = Pattern.compile("%(25)*3b");

    private RequestTarget() {}

    /** Returns whether a target, as received, is in plain form. */
    static boolean isPlain(String uri) {
        int query = uri.indexOf('?');
        String path = (query < 0 ? uri : uri.substring(0, query)).toLowerCase(Locale.ROOT);
        return path.startsWith("/")
                && path.chars().allMatch(c -> c > ' ' && c < 0x7f)
                && uri.chars().allMatch(c -> c > ' ' && c != 0x7f && c != '#')
                && !AMBIGUOUS.matcher(withPlainEscapes(path)).find();
    }

    private static String withPlainEscapes(String path) {
        return path.indexOf('%') < 0
                ? path
                : SEMICOLON.matcher(DOT.matcher(path).replaceAll(".")).replaceAll(";");
    }
}
