package io.tidegate.auth;

import io.netty.handler.codec.http.cookie.Cookie;
import io.netty.handler.codec.http.cookie.ServerCookieDecoder;
import io.tidegate.problem.Code;
import io.tidegate.problem.Problem;
import io.tidegate.problem.ProblemException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.HttpException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What a request brings along to say who it comes from, not yet believed. */
record Carriers(Optional<String> bearer, Optional<String> ticket, Optional<String> cookie, Optional<String> query) {

    static final String TICKET = "ticket";
    /** <a href="https://www.rfc-editor.org/rfc/rfc6750#section-2.3">RFC 6750, 2.3</a>. */
    static final String QUERY = "access_token";

    private static final String BEARER = "bearer";

    /**
     * Finds them. A header of another scheme is not for us: a proxy in front may ask for a password of its own.
     *
     * @throws ProblemException {@code conflicting-credentials} when one of them is there twice and differs,
     *     {@code invalid-parameter} when the query cannot be decoded
     */
    static Carriers of(RoutingContext ctx) {
        HttpServerRequest request = ctx.request();
        return new Carriers(
                single(request.headers().getAll(HttpHeaders.AUTHORIZATION).stream()
                        .flatMap(Carriers::bearerToken)),
                single(parameters(ctx, TICKET).stream()),
                // Read here, as HttpServerRequest keeps but one of several cookies with the same name.
                single(request.headers().getAll(HttpHeaders.COOKIE).stream()
                        .flatMap(header -> ServerCookieDecoder.STRICT.decodeAll(header).stream())
                        .filter(cookie -> cookie.name().equals(SessionCookie.NAME))
                        .map(Cookie::value)),
                single(parameters(ctx, QUERY).stream()));
    }

    boolean cookieAlone() {
        return cookie.isPresent() && bearer.isEmpty() && ticket.isEmpty() && query.isEmpty();
    }

    /** Without what the query says of a token. */
    Carriers withoutQuery() {
        return new Carriers(bearer, ticket, cookie, Optional.empty());
    }

    boolean none() {
        return bearer.isEmpty() && ticket.isEmpty() && cookie.isEmpty() && query.isEmpty();
    }

    static ProblemException disagreement() {
        return Problem.of(Code.CONFLICTING_CREDENTIALS, "the request carries two different credentials")
                .toException();
    }

    private static Stream<String> bearerToken(String header) {
        String trimmed = header.strip();
        if (!trimmed.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            return Stream.empty();
        }
        String rest = trimmed.substring(BEARER.length());
        return rest.isEmpty() || rest.startsWith(" ") ? Stream.of(rest.strip()) : Stream.empty();
    }

    private static List<String> parameters(RoutingContext ctx, String name) {
        try {
            return ctx.queryParam(name);
        } catch (HttpException malformed) {
            throw Problem.of(Code.INVALID_PARAMETER, "the query cannot be decoded")
                    .toException();
        }
    }

    private static Optional<String> single(Stream<String> values) {
        List<String> different = values.distinct().toList();
        if (different.size() > 1) {
            throw disagreement();
        }
        return different.stream().findFirst();
    }
}
