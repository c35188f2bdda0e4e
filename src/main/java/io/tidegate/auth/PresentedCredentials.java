package io.tidegate.auth;

import io.netty.handler.codec.http.cookie.Cookie;
import io.netty.handler.codec.http.cookie.ServerCookieDecoder;
import io.tidegate.problem.Code;
import io.tidegate.problem.Problem;
import io.tidegate.problem.ProblemException;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.HttpException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The unverified credentials that a request presents. */
record PresentedCredentials(
        Optional<String> bearer, Optional<String> ticket, Optional<String> cookie, Optional<String> query) {

    static final String TICKET = "ticket";
    /**
     * The query parameter for a token (<a href="https://www.rfc-editor.org/rfc/rfc6750#section-2.3">RFC 6750, 2.3</a>).
     */
    static final String QUERY = "access_token";

    private static final String BEARER = "bearer";

    /**
     * Reads the credentials of a request. An {@code Authorization} header with another scheme is ignored because it may
     * be meant for a proxy in front of the gateway.
     *
     * @throws ProblemException with the code {@code conflicting-credentials} if a form of credential is present twice
     *     with different values, or {@code invalid-parameter} if the query cannot be decoded
     */
    static PresentedCredentials of(RoutingContext ctx) {
        MultiMap headers = ctx.request().headers();
        return new PresentedCredentials(
                single(bearerTokens(headers.getAll(HttpHeaders.AUTHORIZATION))),
                single(parameters(ctx, TICKET)),
                // The cookies are parsed here because HttpServerRequest keeps only one of several cookies with the same
                // name.
                single(cookies(headers.getAll(HttpHeaders.COOKIE))),
                single(parameters(ctx, QUERY)));
    }

    /** Returns whether a request carries the gateway's cookie. */
    static boolean hasCookie(HttpServerRequest request) {
        return !cookies(request.headers().getAll(HttpHeaders.COOKIE)).isEmpty();
    }

    boolean cookieAlone() {
        return cookie.isPresent() && bearer.isEmpty() && ticket.isEmpty() && query.isEmpty();
    }

    /** Returns these credentials without the token in the query. */
    PresentedCredentials withoutQuery() {
        return new PresentedCredentials(bearer, ticket, cookie, Optional.empty());
    }

    boolean none() {
        return bearer.isEmpty() && ticket.isEmpty() && cookie.isEmpty() && query.isEmpty();
    }

    static ProblemException disagreement() {
        return Problem.of(Code.CONFLICTING_CREDENTIALS, "a request must not carry two different credentials")
                .toException();
    }

    private static List<String> bearerTokens(List<String> headers) {
        List<String> tokens = new ArrayList<>(1);
        for (String header : headers) {
            String trimmed = header.strip();
            if (trimmed.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
                String rest = trimmed.substring(BEARER.length());
                if (rest.isEmpty() || rest.startsWith(" ")) {
                    tokens.add(rest.strip());
                }
            }
        }
        return tokens;
    }

    private static List<String> cookies(List<String> headers) {
        List<String> values = new ArrayList<>(0);
        for (String header : headers) {
            for (Cookie cookie : ServerCookieDecoder.STRICT.decodeAll(header)) {
                if (cookie.name().equals(SessionCookie.NAME)) {
                    values.add(cookie.value());
                }
            }
        }
        return values;
    }

    private static List<String> parameters(RoutingContext ctx, String name) {
        try {
            return ctx.queryParam(name);
        } catch (HttpException malformed) {
            throw Problem.of(Code.INVALID_PARAMETER, "the query must be correctly percent-encoded")
                    .toException();
        }
    }

    private static Optional<String> single(List<String> values) {
        for (String value : values) {
            if (!value.equals(values.get(0))) {
                throw disagreement();
            }
        }
        return values.isEmpty() ? Optional.empty() : Optional.of(values.get(0));
    }
}
