package io.tidegate.node;

import io.tidegate.config.Differences;
import java.util.List;

/**
 * What a configuration that was read anew changes in a running node.
 *
 * @param applied keys whose new value counts from now on
 * @param needsRestart keys whose new value differs from what the node was started with and waits for its next start
 */
public record Reload(List<String> applied, List<String> needsRestart) {

    /** Keys, with all below them, that a running node takes over. The others are bound to something that is open. */
    static final List<String> LIVE = List.of(
            "http.max-body",
            "http.trusted-proxies",
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
            "origins",
            "watches",
            "taps");

    /** Below {@link #LIVE}, but given to the listening socket. */
    static final List<String> FIXED = List.of("streams.send-buffer");

    public Reload {
        applied = List.copyOf(applied);
        needsRestart = List.copyOf(needsRestart);
    }

    /**
     * Compares.
     *
     * @param started what the node was started with
     * @param current what it took over last
     * @param next what it is to take over
     */
    static Reload between(Settings started, Settings current, Settings next) {
        return new Reload(
                Differences.between(current, next).stream().filter(Reload::live).toList(),
                Differences.between(started, next).stream()
                        .filter(path -> !live(path))
                        .toList());
    }

    /** Whether a running node takes over a new value of this key. */
    static boolean live(String path) {
        return within(path, LIVE) && !within(path, FIXED);
    }

    private static boolean within(String path, List<String> keys) {
        return keys.stream().anyMatch(key -> path.equals(key) || path.startsWith(key + '.'));
    }
}
