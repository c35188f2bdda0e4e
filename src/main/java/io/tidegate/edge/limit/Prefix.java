package io.tidegate.edge.limit;

import java.util.regex.Pattern;

/**
 * A path prefix that covers whole segments: {@code /ws/} and {@code /ws} cover {@code /ws/chat}, but not {@code /wsx}.
 */
record Prefix(String path) {

    private static final Pattern FORM = Pattern.compile("/|(/(?!\\.{1,2}(/|$))[A-Za-z0-9._~!$&'()*+,=:@-]+)+/?");

    Prefix {
        path = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }

    /**
     * Validates a prefix.
     *
     * @throws IllegalArgumentException if the text is not a valid prefix; the message begins with the key
     */
    static void check(String key, String text) {
        if (!FORM.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    key + " must be a plain path such as /app, without escapes and dot segments");
        }
    }

    /** Returns the name of the rate for this prefix. */
    String policy() {
        return path + '/';
    }

    /**
     * Returns whether this prefix covers a path.
     *
     * @param normalized the path, without escapes or dot segments
     */
    boolean covers(String normalized) {
        return normalized.startsWith(path)
                && (normalized.length() == path.length() || normalized.charAt(path.length()) == '/');
    }
}
