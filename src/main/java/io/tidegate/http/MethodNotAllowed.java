package io.tidegate.http;

import io.tidegate.problem.Code;
import io.tidegate.problem.Problem;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Rejects methods that a path does not support and lists the supported ones in {@code Allow} (<a
 * href="https://www.rfc-editor.org/rfc/rfc9110#section-15.5.6">RFC 9110, 15.5.6</a>). Must be mounted after the routes
 * of the path. Thread-safe.
 */
final class MethodNotAllowed implements Handler<RoutingContext> {

    private final Set<HttpMethod> methods;
    private final String allow;

    MethodNotAllowed(Set<HttpMethod> methods) {
        this.methods = Set.copyOf(methods);
        this.allow = Stream.concat(methods.stream(), Stream.of(HttpMethod.OPTIONS))
                .map(HttpMethod::name)
                .distinct()
                .sorted()
                .collect(Collectors.joining(", "));
    }

    @Override
    public void handle(RoutingContext ctx) {
        HttpMethod method = ctx.request().method();
        if (methods.contains(method)) {
            ctx.next(); // An earlier handler has deliberately passed the request on.
            return;
        }
        ctx.response().putHeader("Allow", allow);
        if (method.equals(HttpMethod.OPTIONS)) {
            ctx.response().setStatusCode(204).end();
        } else {
            ctx.fail(Problem.of(Code.METHOD_NOT_ALLOWED, "the method must be one of " + allow)
                    .toException());
        }
    }
}
