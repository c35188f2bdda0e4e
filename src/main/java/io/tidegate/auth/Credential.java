package io.tidegate.auth;

import io.tidegate.access.Caller;
import io.tidegate.auth.token.Refusal;
import io.vertx.ext.web.RoutingContext;

/** A caller and the token that says so: a ticket must be able to become a cookie, which holds the token. */
record Credential(Caller caller, String token) {

    private static final String KEY = Credential.class.getName();

    /** The one the guard of this route accepted. */
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
