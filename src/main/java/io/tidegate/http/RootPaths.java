package io.tidegate.http;

import io.tidegate.event.Kind;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Decides which of the gateway's own paths are available at the root, in addition to being available under the path of
 * the pages. If no origin has the prefix {@code /}, all of them are. Otherwise, the origin owns every path except
 * {@code /api/events} and the paths of streams and of the configured kinds.
 *
 * @param prefix the path of the pages, without a trailing slash
 * @param originAtRoot whether an origin has the prefix {@code /}
 * @param kinds the kinds that the gateway serves at the root even if an origin has the prefix {@code /}
 * @param watched the kinds whose lists the gateway serves at the root because it watches them
 */
public record RootPaths(String prefix, boolean originAtRoot, Set<Kind> kinds, Set<Kind> watched) {

    /** The gateway's own paths. A path that ends with a slash stands for all paths under it. */
    private static final List<String> PATHS = Stream.of(
                    Stream.of("/", "/lab", "/client.js", "/favicon.ico", "/assets/", "/health", "/ready"),
                    Stream.of("/api/events", "/api/sse/", "/api/ticket", "/api/sign-out", "/api/streams"),
                    Kind.withMembers().stream().map(Kind::path),
                    Stream.of("/api/server/state", "/start", "/events/", "/deployment/"))
            .flatMap(paths -> paths)
            .toList();

    public RootPaths {
        prefix = prefix.endsWith("/") ? prefix.substring(0, prefix.length() - 1) : prefix;
        kinds = Set.copyOf(kinds);
        watched = Set.copyOf(watched);
    }

    /** Returns whether a path belongs to the gateway even if an origin has the prefix {@code /}. */
    static boolean always(String path) {
        return path.equals("/api/events") || path.startsWith("/api/sse/");
    }

    /**
     * Returns whether one of the gateway's own paths is also available at the root.
     *
     * @param path a requested path or a route path, without the prefix
     */
    boolean include(String path) {
        return !originAtRoot
                || always(path)
                || watched.stream().anyMatch(kind -> path.equals(kind.path()))
                || kinds.stream().anyMatch(kind -> belongs(path, kind));
    }

    /** Returns the gateway's own paths that an origin with this prefix covers but does not receive. */
    public List<String> shadowing(String origin) {
        return Stream.concat(Stream.of(prefix + '/'), PATHS.stream().filter(this::include))
                .filter(path -> covers(origin, path))
                .filter(path -> origin.equals("/") || always(path) || !isOfKind(path))
                .toList();
    }

    /** Returns the gateway's own paths that are available only under the path of the pages. */
    public List<String> onlyBelowPrefix() {
        return PATHS.stream().filter(path -> !include(path)).toList();
    }

    private static boolean covers(String origin, String path) {
        String folder = origin.endsWith("/") ? origin : origin + '/';
        boolean inOrigin = path.equals(origin) || path.startsWith(folder);
        boolean aroundOrigin = path.length() > 1 && path.endsWith("/") && folder.startsWith(path);
        return inOrigin || aroundOrigin;
    }

    /**
     * Returns whether the path belongs to a kind and may therefore be owned by an origin with a prefix other than
     * {@code /}.
     */
    private static boolean isOfKind(String path) {
        return path.equals("/api/server/state")
                || Kind.withMembers().stream().anyMatch(kind -> path.equals(kind.path()));
    }

    private static boolean belongs(String path, Kind kind) {
        boolean special =
                switch (kind) {
                    case DEPLOYS ->
                        path.equals("/start") || path.startsWith("/events/") || path.startsWith("/deployment/");
                    case ITEMS -> path.equals("/api/server/state");
                    default -> false;
                };
        return special || path.equals(kind.path()) || path.startsWith(kind.path() + '/');
    }
}
