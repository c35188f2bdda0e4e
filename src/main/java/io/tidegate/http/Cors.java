package io.tidegate.http;

import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Lets pages from listed origins read the gateway's responses (<a
 * href="https://fetch.spec.whatwg.org/#http-cors-protocol">Fetch, CORS protocol</a>). Responses to other origins have
 * no CORS headers, and no response allows every origin. Thread-safe.
 */
final class Cors {

    private static final String REQUEST_HEADERS =
            "Authorization, Content-Type, Idempotency-Key, If-None-Match, Last-Event-ID";
    private static final String RESPONSE_HEADERS = "ETag, Idempotent-Replayed, Location, RateLimit, RateLimit-Policy, "
            + "Retry-After, Tidegate-Cursor, Tidegate-Durability";
    /** The time in seconds for which browsers may cache a preflight response. Chromium does not accept more. */
    private static final String MAX_AGE_SECONDS = "7200";

    private final Set<String> origins;

    Cors(CorsOptions options) {
        origins = Set.copyOf(options.origins());
    }

    boolean allows(HttpServerRequest request) {
        List<String> given = request.headers().getAll(HttpHeaders.ORIGIN);
        return given.size() == 1 && origins.contains(given.get(0));
    }

    /** Adds the CORS headers to a response unless it already has them. */
    void addHeaders(HttpServerRequest request, MultiMap responseHeaders) {
        if (origins.isEmpty()) {
            return;
        }
        // This header is also added if the origin is not allowed, because a cache must not reuse the response for an
        // allowed origin.
        if (!varies(responseHeaders)) {
            responseHeaders.add(HttpHeaders.VARY, "Origin");
        }
        if (allows(request) && !responseHeaders.contains(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN)) {
            responseHeaders
                    .set(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, request.getHeader(HttpHeaders.ORIGIN))
                    .set(HttpHeaders.ACCESS_CONTROL_ALLOW_CREDENTIALS, "true")
                    .set(HttpHeaders.ACCESS_CONTROL_EXPOSE_HEADERS, RESPONSE_HEADERS);
        }
    }

    private static boolean varies(MultiMap responseHeaders) {
        return responseHeaders.getAll(HttpHeaders.VARY).stream()
                .flatMap(value -> List.of(value.split(",", -1)).stream())
                .map(String::strip)
                .anyMatch(name -> name.equals("*") || name.equalsIgnoreCase("Origin"));
    }

    /**
     * Returns a handler that responds to CORS preflight requests from listed origins and passes on all other requests.
     */
    Handler<RoutingContext> preflight(Set<HttpMethod> methods) {
        String allowed = methods.stream().map(HttpMethod::name).sorted().collect(Collectors.joining(", "));
        return ctx -> {
            HttpServerRequest request = ctx.request();
            if (!request.method().equals(HttpMethod.OPTIONS)
                    || !request.headers().contains(HttpHeaders.ACCESS_CONTROL_REQUEST_METHOD)
                    || !allows(request)) {
                ctx.next();
                return;
            }
            ctx.response()
                    .setStatusCode(204)
                    .putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_METHODS, allowed)
                    .putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_HEADERS, REQUEST_HEADERS)
                    .putHeader(HttpHeaders.ACCESS_CONTROL_MAX_AGE, MAX_AGE_SECONDS)
                    .end();
        };
    }
}
