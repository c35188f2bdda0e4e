package io.tidegate.auth;

import io.tidegate.access.Caller;
import io.tidegate.auth.token.Refusal;
import io.vertx.ext.web.RoutingContext;

/**
 * A caller, with the token that identifies it. The token is kept because it becomes the value of the cookie that is set
 * in exchange for a ticket.
 */
record Credential(Caller caller, String token) {

    private static final String KEY = Credential.class.getName();

    /**
     * Returns the credential that the route's guard accepted.
     *
     * @throws io.tidegate.problem.ProblemException with the code {@code unauthenticated} if no guard has run
     */
    static Credential of(RoutingContext ctx) {
        Credential credential = ctx.get(KEY);
        if (credential == null) {
            throw Refusal.MISSING.toException();
        }
        return credential;
    }

    void attachTo(RoutingContext ctx) {
        ctx.put(KEY, this);
        caller.attachTo(ctx);
    }

    @Override
    public String toString() {
        return "Credential[" + caller.subject() + "]";
    }
}
