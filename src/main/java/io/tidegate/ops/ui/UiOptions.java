package io.tidegate.ops.ui;

import java.util.regex.Pattern;

/**
 * Configures the embedded pages.
 *
 * @param enabled whether the pages are served
 * @param path the path under which the pages and all other paths of the gateway are available, even if an origin has
 *     the prefix {@code /}; must begin and end with a slash
 */
public record UiOptions(boolean enabled, String path) {

    private static final Pattern PATH = Pattern.compile("(/(?!\\.{1,2}/)[A-Za-z0-9._~-]+)+/");

    public static final UiOptions DEFAULTS = new UiOptions(true, "/_tidegate/");

    public UiOptions {
        if (!PATH.matcher(path).matches() || path.equals("/api/") || path.startsWith("/api/sse/")) {
            throw new IllegalArgumentException(
                    "path must begin and end with a slash, such as /_tidegate/, and not be that of the API");
        }
    }
}
