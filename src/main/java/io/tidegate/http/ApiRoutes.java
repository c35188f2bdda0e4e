package io.tidegate.http;

import io.tidegate.access.Role;
import io.tidegate.auth.Guard;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Our own paths, each with the methods it has. Belongs to one event loop. */
final class ApiRoutes {

    private final Router router;
    private final Guard guard;
    private final Map<String, Set<HttpMethod>> methodsOf = new LinkedHashMap<>();

    ApiRoutes(Router router, Guard guard) {
        this.router = router;
        this.guard = guard;
    }

    /** A route for each of the methods. */
    List<Route> add(String path, HttpMethod... methods) {
        methodsOf.computeIfAbsent(path, absent -> new LinkedHashSet<>()).addAll(List.of(methods));
        return Stream.of(methods).map(method -> router.route(method, path)).toList();
    }

    void guarded(Role role, String path, Handler<RoutingContext> handler, HttpMethod... methods) {
        add(path, methods).forEach(route -> route.handler(guard.require(role)).handler(handler));
    }

    /** Behind the routes of all paths: what pages of other sites may do there. */
    void preflights(RequestSanity edges) {
        methodsOf.forEach((path, methods) -> router.route(path).handler(ctx -> edges.preflight(ctx, methods)));
    }

    /** Behind the origins: what a path of ours says to a method it does not have. */
    void otherMethods() {
        methodsOf.forEach((path, methods) -> router.route(path).handler(new MethodNotAllowed(methods)));
    }
}
