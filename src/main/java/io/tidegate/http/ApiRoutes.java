package io.tidegate.http;

import io.tidegate.access.Role;
import io.tidegate.auth.Guard;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The gateway's own paths and their methods. Those below {@code /api/} are in a sub-router, so that a request for an
 * origin is compared with one prefix instead of with each of them. Owned by one event loop.
 */
final class ApiRoutes {

    private static final String API = "/api";
    private static final Pattern PARAMETER = Pattern.compile(":[^/]+");

    private final Router root;
    private final Router api;
    private final Guard guard;
    private final Map<String, Set<HttpMethod>> methodsOf = new LinkedHashMap<>();
    private final Set<String> paths = new LinkedHashSet<>();
    private Pattern pattern = Pattern.compile("");

    ApiRoutes(Vertx vertx, Router root, Guard guard) {
        this.root = root;
        this.api = Router.router(vertx);
        this.guard = guard;
    }

    /** Adds a route for each of the methods. */
    List<Route> add(String path, HttpMethod... methods) {
        reserve(path);
        methodsOf.computeIfAbsent(path, absent -> new LinkedHashSet<>()).addAll(List.of(methods));
        return Stream.of(methods).map(method -> route(api, path).method(method)).toList();
    }

    void guarded(Role role, String path, Handler<RoutingContext> handler, HttpMethod... methods) {
        add(path, methods).forEach(route -> route.handler(guard.require(role)).handler(handler));
    }

    /** Adds a path of the gateway whose routes are added elsewhere. */
    void reserve(String path) {
        paths.add(path);
    }

    /** Returns whether this is one of the gateway's own paths, whatever the method; must be called after mounting. */
    boolean includes(String normalizedPath) {
        return pattern.matcher(normalizedPath).matches();
    }

    /** Returns the path of the route that serves a path for some method; empty if there is none. */
    String routeOf(String path) {
        return paths.stream()
                .filter(route -> path.matches(expression(route) + "/?"))
                .findFirst()
                .orElse("");
    }

    private static String expression(String route) {
        return PARAMETER.matcher(route).replaceAll("[^/]+").replace("*", ".*");
    }

    /** Returns the methods of each path. */
    Map<String, Set<HttpMethod>> methodsOfPaths() {
        return methodsOf;
    }

    /** Mounts the routes. The handler of CORS preflight requests follows the other routes of its path. */
    void mount(RequestSanity sanity) {
        pattern = Pattern.compile(
                paths.stream().map(ApiRoutes::expression).collect(Collectors.joining("|", "(?:", ")/?")));
        methodsOf.forEach((path, methods) -> route(api, path).handler(ctx -> sanity.preflight(ctx, methods)));
        root.route(API + "/*").subRouter(api);
    }

    /**
     * Mounts the handlers that reject unsupported methods of the gateway's own paths; called after the proxy is
     * mounted.
     */
    void mountOtherMethods(Vertx vertx) {
        Router others = Router.router(vertx);
        methodsOf.forEach((path, methods) -> route(others, path).handler(new MethodNotAllowed(methods)));
        root.route(API + "/*").subRouter(others);
    }

    private Route route(Router below, String path) {
        return path.startsWith(API + '/') ? below.route(path.substring(API.length())) : root.route(path);
    }
}
