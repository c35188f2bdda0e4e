package io.tidegate.auth.token;

import io.tidegate.problem.Code;
import io.tidegate.problem.Problem;
import io.tidegate.problem.ProblemException;
import io.vertx.ext.web.RoutingContext;

/** Responses to unauthenticated requests, with their {@code WWW-Authenticate} challenge. */
public final class Refusal {

    public static final Problem MISSING = Problem.of(Code.UNAUTHENTICATED, "a token is required");
    static final Problem INVALID = Problem.of(Code.UNAUTHENTICATED, "the token is not valid");
    public static final Problem EXPIRED = Problem.of(Code.UNAUTHENTICATED, "the token has expired");
    public static final Problem TICKET = Problem.of(Code.UNAUTHENTICATED, "the ticket has expired or was never issued");

    private static final String CHALLENGE = "Bearer realm=\"tidegate\"";

    private Refusal() {}

    /**
     * Fails the request and, if the failure requires one, adds a challenge (<a
     * href="https://www.rfc-editor.org/rfc/rfc6750#section-3">RFC 6750, 3</a>). The challenge has no error code if the
     * request has no token.
     */
    public static void send(RoutingContext ctx, Throwable failure) {
        if (failure instanceof ProblemException refused) {
            Problem problem = refused.problem();
            if (problem.equals(MISSING)) {
                challenge(ctx, CHALLENGE);
            } else if (problem.code() == Code.UNAUTHENTICATED) {
                challenge(ctx, CHALLENGE + ", error=\"invalid_token\", error_description=\"" + problem.detail() + '"');
            } else if (problem.code() == Code.FORBIDDEN) {
                challenge(ctx, CHALLENGE + ", error=\"insufficient_scope\"");
            }
        }
        ctx.fail(failure);
    }

    private static void challenge(RoutingContext ctx, String text) {
        ctx.response().putHeader("WWW-Authenticate", text);
    }
}
