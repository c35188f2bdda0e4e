package io.tidegate.auth;

import io.tidegate.access.Caller;
import io.tidegate.auth.token.Refusal;
import io.vertx.ext.web.RoutingContext;

/**
 * A caller with the token that proves its identity. The token is kept because it becomes the content of the cookie for
 * which a ticket is exchanged.
 */
record Credential(Caller caller, String token) {

    private static final String KEY = Credential.class.getName();

    /**
     * Returns the credential that the guard of this route accepted.
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
