package io.tidegate.auth;

import io.tidegate.auth.token.AuthOptions;
import io.tidegate.problem.Code;
import io.tidegate.problem.Problem;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;

/**
 * Takes the cookie away: 204, also where there is none, and where it no longer holds. What a page of another site sends is
 * {@code cross-site}. Needs no {@link Guard}. Safe from every event loop.
 */
public final class SignOut implements Handler<RoutingContext> {

    private final SessionCookie cookie;

    public SignOut(AuthOptions options) {
        this.cookie = new SessionCookie(options);
    }

    @Override
    public void handle(RoutingContext ctx) {
        boolean signedIn = !ctx.request().cookies(SessionCookie.NAME).isEmpty();
        boolean proven = SameOrigin.proven(ctx.request());
        if (!proven && (signedIn || SameOrigin.foreign(ctx.request()))) {
            throw Problem.of(Code.CROSS_SITE, "only a page of this gateway may sign out")
                    .toException();
        }
        ctx.response()
                .addCookie(cookie.gone(ctx.request()))
                .setStatusCode(204)
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .end();
    }
}
