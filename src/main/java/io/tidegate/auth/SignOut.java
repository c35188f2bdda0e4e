package io.tidegate.auth;

import io.tidegate.auth.token.AuthOptions;
import io.tidegate.problem.Code;
import io.tidegate.problem.Problem;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.function.Function;

/**
 * Deletes the cookie and responds with 204, even if the cookie is missing or invalid. Refuses requests from other sites
 * with {@code cross-site}. Does not need a {@link Guard}. Thread-safe.
 */
public final class SignOut implements Handler<RoutingContext> {

    private final SessionCookie cookie;

    /**
     * Creates a handler that deletes the session cookie.
     *
     * @param mountPath returns the path under which the client reaches the gateway, without a trailing slash
     */
    public SignOut(AuthOptions options, Function<HttpServerRequest, String> mountPath) {
        this.cookie = new SessionCookie(options, mountPath);
    }

    @Override
    public void handle(RoutingContext ctx) {
        boolean signedIn = !ctx.request().cookies(SessionCookie.NAME).isEmpty();
        boolean proven = SameOrigin.proven(ctx.request());
        if (!proven && (signedIn || SameOrigin.foreign(ctx.request()))) {
            throw Problem.of(Code.CROSS_SITE, "sign-out must be requested by a page of this gateway")
                    .toException();
        }
        ctx.response()
                .addCookie(cookie.expired(ctx.request()))
                .setStatusCode(204)
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .end();
    }
}
