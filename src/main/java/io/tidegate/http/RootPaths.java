package io.tidegate.http;

import io.tidegate.event.Kind;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Decides which of the gateway's own paths are available at the root, in addition to being available under the path of
 * the pages. If no origin has the prefix {@code /}, all paths are available at the root. Otherwise, the origin owns
 * every path except {@code /api/events} and the paths of streams and of the configured kinds.
 *
 * <p>At the root, the API may be moved to a path other than {@code /api/}. It is moved as a whole, so that clients find
 * all of it under one path. In the code, paths are identified by their names: the paths that they have if the API is
 * not moved. Clients that poll the list of a watched kind need not know of the gateway, so such a list is also
 * available at its name.
 *
 * @param prefix the path of the pages, without a trailing slash
 * @param api the path of the API at the root, without a trailing slash
 * @param originAtRoot whether an origin has the prefix {@code /}
 * @param kinds the kinds that the gateway serves at the root even if an origin has the prefix {@code /}
 * @param watched the kinds whose lists the gateway serves at the root because it watches them
 */
public record RootPaths(String prefix, String api, boolean originAtRoot, Set<Kind> kinds, Set<Kind> watched) {

    /** The path of the API in names. */
    static final String API = "/api";

    /** The names of the paths outside the API. A name that ends with a slash stands for all paths under it. */
    private static final List<String> OUTSIDE_API = List.of(
            "/",
            "/lab",
            "/client.js",
            "/favicon.ico",
            "/assets/",
            "/health",
            "/ready",
            "/start",
            "/events/",
            "/deployment/");

    private static final String SERVER_STATE = API + "/server/state";

    private static final List<String> BELOW_API = Stream.of(
                    Stream.of("/events", "/sse/", "/ticket", "/sign-out", "/streams")
                            .map(API::concat),
                    Kind.withMembers().stream().map(Kind::path),
                    Stream.of(SERVER_STATE))
            .flatMap(names -> names)
            .toList();

    public RootPaths {
        prefix = withoutSlash(prefix);
        api = withoutSlash(api);
        kinds = Set.copyOf(kinds);
        watched = Set.copyOf(watched);
    }

    private static String withoutSlash(String path) {
        return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }

    /** Returns whether a path with this name belongs to the gateway even if an origin has the prefix {@code /}. */
    static boolean always(String name) {
        return name.equals(API + "/events") || name.startsWith(API + "/sse/");
    }

    /** Returns whether the API at the root is at a path other than {@link #API}. */
    boolean isMoved() {
        return !api.equals(API);
    }

    /**
     * Returns the paths at the root that have this name, or an empty list if no path has it. The name may be that of a
     * path or of a route.
     */
    public List<String> at(String name) {
        boolean isList = watched.stream().anyMatch(kind -> name.equals(kind.path()));
        String moved = moved(name);
        boolean below = moved.startsWith(prefix + '/');
        boolean included = !below
                && (!originAtRoot || always(name) || isList || kinds.stream().anyMatch(kind -> belongs(name, kind)));
        if (isList && !moved.equals(name)) {
            return included ? List.of(moved, name) : List.of(name);
        }
        return included ? List.of(moved) : List.of();
    }

    /** Returns the path that belongs to this name at the root, provided that it is available there. */
    String moved(String name) {
        return name.startsWith(API + '/') ? api + name.substring(API.length()) : name;
    }

    /**
     * Returns the name of one of the gateway's own paths or folders if the name differs from the path. Returns empty
     * for all other paths.
     */
    public Optional<String> nameOf(String path) {
        if (path.startsWith(prefix + '/') && path.length() > prefix.length() + 1) {
            return Optional.of(path.substring(prefix.length()));
        }
        return Optional.of(path)
                .filter(given -> isMoved() && given.startsWith(api + '/'))
                .map(given -> API + given.substring(api.length()))
                .filter(name -> BELOW_API.stream().anyMatch(own -> collide(withoutSlash(name), own)));
    }

    /** Returns the gateway's own paths that an origin with this prefix covers but does not receive. */
    public List<String> shadowing(String origin) {
        return Stream.concat(
                        Stream.of(prefix + '/'),
                        names().filter(name -> origin.equals("/") || always(name) || !isOfKind(name))
                                .flatMap(name -> at(name).stream()))
                .filter(path -> covers(origin, path))
                .toList();
    }

    /** Returns the names of the gateway's own paths that are available only under the path of the pages. */
    public List<String> onlyBelowPrefix() {
        return names().filter(name -> at(name).isEmpty()).toList();
    }

    /**
     * Returns the rule that the configured paths violate if they collide with other paths of the gateway; otherwise,
     * returns empty.
     *
     * @return a message that begins with the configuration key
     */
    public Optional<String> collision() {
        boolean apiIsInPages = api.equals(prefix + API);
        Optional<String> pages = names().map(this::moved)
                .filter(path -> !path.equals("/") && !(apiIsInPages && path.startsWith(api + '/')))
                .filter(path -> collide(prefix, path))
                .findFirst()
                .map(path -> "ui.path must not contain or be within " + path + ", which is a path of the gateway");
        Optional<String> moved = OUTSIDE_API.stream()
                .filter(path -> !path.equals("/") && collide(api, path))
                .findFirst()
                .map(path ->
                        "http.api-path must not contain or be within " + path + ", which is a path of the gateway");
        return pages.or(() -> moved);
    }

    private static Stream<String> names() {
        return Stream.concat(OUTSIDE_API.stream(), BELOW_API.stream());
    }

    private static boolean collide(String one, String other) {
        return covers(one, other) || covers(withoutSlash(other), one);
    }

    private static boolean covers(String origin, String path) {
        String folder = origin.endsWith("/") ? origin : origin + '/';
        boolean inOrigin = path.equals(origin) || path.startsWith(folder);
        boolean aroundOrigin = path.length() > 1 && path.endsWith("/") && folder.startsWith(path);
        return inOrigin || aroundOrigin;
    }

    /**
     * Returns whether the name belongs to a kind, whose paths may be owned by an origin with a prefix other than
     * {@code /}.
     */
    private static boolean isOfKind(String name) {
        return name.equals(SERVER_STATE) || Kind.withMembers().stream().anyMatch(kind -> name.equals(kind.path()));
    }

    private static boolean belongs(String name, Kind kind) {
        boolean special =
                switch (kind) {
                    case DEPLOYS ->
                        name.equals("/start") || name.startsWith("/events/") || name.startsWith("/deployment/");
                    case ITEMS -> name.equals(SERVER_STATE);
                    default -> false;
                };
        return special || name.equals(kind.path()) || name.startsWith(kind.path() + '/');
    }
}
