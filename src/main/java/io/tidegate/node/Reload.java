package io.tidegate.node;

import io.tidegate.config.Differences;
import java.util.List;

/**
 * The effect of a reloaded configuration on a running node.
 *
 * @param applied the keys whose new values were applied
 * @param needsRestart the keys whose new values differ from those at the node's startup and take effect only at its
 *     next startup
 */
public record Reload(List<String> applied, List<String> needsRestart) {

    /**
     * The keys whose new values a running node can apply, including all keys under them. The other keys configure
     * resources that are already open.
     */
    static final List<String> LIVE = List.of(
            "http.max-body",
            "http.trusted-proxies",
            "http.trusted-fields",
            "http.base-path",
            "http.api-path",
            "http.cors",
            "http.tls.hsts",
            "auth.anonymous",
            "auth.token-in-query",
            "auth.secure-cookie",
            "streams",
            "poll",
            "overload",
            "limits",
            "deploys.recipes",
            "deploys.default-recipe",
            "deploys.max-runs",
            "kinds",
            "origins",
            "watches",
            "taps",
            "ui.path");

    /**
     * The keys under {@link #LIVE} that nevertheless need a restart, because they are options of the listening socket.
     */
    static final List<String> FIXED = List.of("streams.send-buffer");

    public Reload {
        applied = List.copyOf(applied);
        needsRestart = List.copyOf(needsRestart);
    }

    /**
     * Compares settings and returns the effect of applying the next ones.
     *
     * @param started the settings at the node's startup
     * @param current the settings that are currently applied
     * @param next the settings to apply
     */
    static Reload between(Settings started, Settings current, Settings next) {
        return new Reload(
                Differences.between(current, next).stream().filter(Reload::live).toList(),
                Differences.between(started, next).stream()
                        .filter(path -> !live(path))
                        .toList());
    }

    /** Returns whether a running node can apply a new value of this key. */
    static boolean live(String path) {
        return within(path, LIVE) && !within(path, FIXED);
    }

    private static boolean within(String path, List<String> keys) {
        return keys.stream().anyMatch(key -> path.equals(key) || path.startsWith(key + '.'));
    }
}
