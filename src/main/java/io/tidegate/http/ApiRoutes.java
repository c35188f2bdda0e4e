package io.tidegate.http;

import io.tidegate.access.Role;
import io.tidegate.auth.Guard;
import io.tidegate.edge.message.OwnPaths;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The gateway's own paths and their methods. All of them are available under the path of the pages, and most are also
 * available at the root, as {@link RootPaths} decides. The paths of the API are in a sub-router, so that a request for
 * an origin is compared with a single prefix instead of with each of these paths. Owned by one event loop.
 */
final class ApiRoutes implements OwnPaths {

    private static final Pattern PARAMETER = Pattern.compile(":[^/]+");

    private final Router root;
    private final Router api;
    private final Router below;
    private final RootPaths rootPaths;
    private final Function<HttpServerRequest, String> mountPath;
    private final Guard guard;
    private final Map<String, Set<HttpMethod>> methodsOf = new LinkedHashMap<>();
    private final Set<String> paths = new LinkedHashSet<>();
    private Pattern pattern = Pattern.compile("");

    /**
     * Creates an instance without routes.
     *
     * @param mountPath returns the path under which the client reaches the gateway, without a trailing slash
     */
    ApiRoutes(
            Vertx vertx, Router root, RootPaths rootPaths, Function<HttpServerRequest, String> mountPath, Guard guard) {
        this.root = root;
        this.api = Router.router(vertx);
        this.below = Router.router(vertx);
        this.rootPaths = rootPaths;
        this.mountPath = mountPath;
        this.guard = guard;
        paths.add(rootPaths.prefix() + "/*");
        paths.add(rootPaths.prefix());
    }

    /** Adds a route for each of the methods, at each place where the path is available. */
    List<Route> add(String path, HttpMethod... methods) {
        reserve(path);
        methodsOf.computeIfAbsent(path, absent -> new LinkedHashSet<>()).addAll(List.of(methods));
        return Stream.of(methods)
                .flatMap(method -> places(path).map(route -> route.method(method)))
                .toList();
    }

    void guarded(Role role, String path, Handler<RoutingContext> handler, HttpMethod... methods) {
        add(path, methods).forEach(route -> route.handler(guard.require(role)).handler(handler));
    }

    /** Adds one of the gateway's own paths whose routes are added elsewhere. */
    void reserve(String path) {
        paths.addAll(rootPaths.at(path));
    }

    /**
     * Returns whether this is one of the gateway's own paths, regardless of the method. Must be called after
     * {@link #mount}.
     */
    boolean includes(String normalizedPath) {
        return pattern.matcher(normalizedPath).matches();
    }

    /**
     * Returns the path of the route that matches a path, regardless of the method, or an empty string if no route matches.
     */
    String routeOf(String path) {
        return paths.stream()
                .filter(route -> path.matches(expression(route) + "/?"))
                .findFirst()
                .orElse("");
    }

    private static String expression(String route) {
        return PARAMETER.matcher(route).replaceAll("[^/]+").replace("*", ".*");
    }

    /** Returns the methods of each path, which is given without the path of the pages. */
    Map<String, Set<HttpMethod>> methodsOfPaths() {
        return methodsOf;
    }

    @Override
    public String nameOf(String path) {
        if (path.startsWith(rootPaths.prefix() + '/')) {
            return path.substring(rootPaths.prefix().length());
        }
        boolean moved = rootPaths.isMoved() && path.startsWith(rootPaths.api() + '/') && includes(path);
        return moved ? RootPaths.API + path.substring(rootPaths.api().length()) : path;
    }

    @Override
    public String reachable(HttpServerRequest request, String name) {
        List<String> atRoot = rootPaths.at(name);
        return mountPath.apply(request) + (atRoot.isEmpty() ? rootPaths.prefix() + name : atRoot.get(0));
    }

    /**
     * Mounts the routes. On each path, the handler for CORS preflight requests follows the other routes.
     *
     * @param unknown the handler for all other paths under {@code /api/sse/}
     */
    void mount(RequestSanity sanity, Handler<RoutingContext> unknown) {
        pattern = Pattern.compile(
                paths.stream().map(ApiRoutes::expression).collect(Collectors.joining("|", "(?:", ")/?")));
        methodsOf.forEach(
                (path, methods) -> places(path).forEach(route -> route.handler(ctx -> sanity.preflight(ctx, methods))));
        methodsOf.forEach((path, methods) -> {
            if (RootPaths.always(path)) {
                places(path).forEach(route -> route.handler(new MethodNotAllowed(methods)));
            }
        });
        places(RootPaths.API + "/sse/*").forEach(route -> route.handler(unknown));
        root.route(rootPaths.api() + "/*").subRouter(api);
        root.route(rootPaths.prefix() + "/*").subRouter(below);
    }

    /**
     * Mounts the handlers that reject unsupported methods on the gateway's own paths. Must be called after the proxy
     * has been mounted.
     */
    void mountOtherMethods(Vertx vertx) {
        Router others = Router.router(vertx);
        methodsOf.forEach((name, methods) ->
                rootPaths.at(name).forEach(path -> route(others, path).handler(new MethodNotAllowed(methods))));
        root.route(rootPaths.api() + "/*").subRouter(others);
    }

    /**
     * Mounts the handlers that reject all other requests under the path of the pages. Must be called before the proxy
     * is mounted.
     */
    void mountRest(Router rest, Handler<RoutingContext> notFound) {
        methodsOf.forEach((path, methods) -> rest.route(path).handler(new MethodNotAllowed(methods)));
        rest.route().handler(notFound);
        root.route(rootPaths.prefix() + "/*").subRouter(rest);
    }

    private Stream<Route> places(String path) {
        return Stream.concat(rootPaths.at(path).stream().map(place -> route(api, place)), Stream.of(below.route(path)));
    }

    private Route route(Router subRouter, String path) {
        String folder = rootPaths.api() + '/';
        return path.startsWith(folder) ? subRouter.route(path.substring(folder.length() - 1)) : root.route(path);
    }
}
