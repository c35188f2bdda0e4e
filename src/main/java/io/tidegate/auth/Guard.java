package io.tidegate.auth;

import io.tidegate.access.Caller;
import io.tidegate.access.Role;
import io.tidegate.auth.token.AuthOptions;
import io.tidegate.auth.token.Refusal;
import io.tidegate.auth.token.Tokens;
import io.tidegate.event.loop.EventLoop;
import io.tidegate.problem.Code;
import io.tidegate.problem.Problem;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Admits or refuses the callers of a route. A request may present a token as {@code Authorization: Bearer}, as the
 * cookie {@code tidegate}, as a ticket in {@code ?ticket=}, or as {@code ?access_token=} if the configuration allows
 * it. Later handlers find the admitted caller with {@link Caller#of}. Thread-safe.
 */
public final class Guard {

    private static final String IDENTITY = Identity.class.getName();

    private final Tokens tokens;
    private final Tickets tickets;
    private final boolean tokenInQuery;
    private final Caller anonymous;

    public Guard(Tokens tokens, Tickets tickets, AuthOptions options) {
        this.tokens = tokens;
        this.tickets = tickets;
        this.tokenInQuery = options.tokenInQuery();
        this.anonymous = Caller.anonymous(options.anonymous().patterns());
    }

    /**
     * Returns a handler that admits callers with at least this role. Other requests fail with {@code unauthenticated}
     * (and a challenge), with {@code forbidden}, with {@code cross-site} if a cookie is the only credential of a
     * state-changing request that was not sent by a page of the gateway, or with {@code conflicting-credentials} if the
     * request presents credentials of two subjects.
     */
    public Handler<RoutingContext> require(Role role) {
        return ctx -> identity(ctx)
                .map(identity -> {
                    refuseForged(ctx, identity.presented());
                    return permitted(identity.credential(), role);
                })
                .onComplete(
                        credential -> {
                            credential.attachTo(ctx);
                            ctx.next();
                        },
                        refusal -> Refusal.send(ctx, refusal));
    }

    /**
     * Identifies the caller of a request without refusing the request. A guard that runs later reuses the result.
     *
     * @return a future that always succeeds; its result is empty if the request has no valid credentials
     */
    public Future<Optional<Caller>> caller(RoutingContext ctx) {
        return identity(ctx)
                .map(identity -> Optional.of(identity.credential().caller()).filter(known -> !known.isAnonymous()))
                .otherwise(Optional.empty());
    }

    /**
     * Returns the caller that {@link #caller} has identified. The result is also empty if that method was not called
     * for this request.
     */
    public Optional<Caller> known(RoutingContext ctx) {
        Future<Identity> found = ctx.get(IDENTITY);
        return found == null || !found.succeeded()
                ? Optional.empty()
                : Optional.of(found.result().credential().caller()).filter(known -> !known.isAnonymous());
    }

    /** Identifies the caller once per request. */
    private Future<Identity> identity(RoutingContext ctx) {
        Future<Identity> known = ctx.get(IDENTITY);
        if (known != null) {
            return known;
        }
        Future<Identity> found = onLoop(
                ctx,
                Future.succeededFuture(ctx).map(PresentedCredentials::of).compose(presented -> identify(ctx, presented)
                        .map(credential -> new Identity(presented, credential))));
        ctx.put(IDENTITY, found);
        return found;
    }

    private record Identity(PresentedCredentials presented, Credential credential) {}

    /**
     * Returns a future that completes on the request's event loop. If the result is not yet available, the request is
     * paused until it is, so that no part of the body is lost.
     */
    private static <T> Future<T> onLoop(RoutingContext ctx, Future<T> decided) {
        if (decided.isComplete()) {
            return decided;
        }
        HttpServerRequest request = ctx.request().pause();
        Promise<T> onLoop = Promise.promise();
        EventLoop.current(ctx.vertx()).bring(decided).onComplete(known -> {
            if (!ctx.response().closed()) {
                request.resume();
                onLoop.handle(known);
            }
        });
        return onLoop.future();
    }

    /**
     * Verifies all credentials of the request. An invalid token is reported even if there is also a valid one, because
     * it indicates a mistake in the client.
     */
    private Future<Credential> identify(RoutingContext ctx, PresentedCredentials all) {
        if (all.none() && !anonymous.read().isEmpty() && !SameOrigin.needsProof(ctx.request())) {
            return Future.succeededFuture(new Credential(anonymous, ""));
        }
        PresentedCredentials presented = tokenInQuery ? all : all.withoutQuery();
        List<Future<Credential>> found = Stream.of(
                        presented.bearer().map(this::byToken),
                        presented.ticket().map(this::byTicket),
                        presented.query().map(this::byToken),
                        presented.cookie().map(this::byToken))
                .flatMap(Optional::stream)
                .toList();
        if (found.isEmpty()) {
            return Future.failedFuture(Refusal.MISSING.toException());
        }
        return found.size() == 1 ? found.get(0) : Future.all(found).map(held -> agreed(held.list()));
    }

    private Future<Credential> byToken(String token) {
        return tokens.verify(token).map(caller -> new Credential(caller, token));
    }

    private Future<Credential> byTicket(String ticket) {
        // The ticket's token is verified too, because the key that signed it may have been withdrawn.
        return tickets.use(ticket)
                .map(credential -> byToken(credential.token()))
                .orElseGet(() -> Future.failedFuture(Refusal.TICKET.toException()));
    }

    /**
     * Returns the first credential if all have the same subject, so explicit credentials take precedence over the
     * cookie.
     */
    private static Credential agreed(List<Credential> found) {
        Credential first = found.get(0);
        if (found.stream()
                .anyMatch(
                        other -> !other.caller().subject().equals(first.caller().subject()))) {
            throw PresentedCredentials.disagreement();
        }
        return first;
    }

    /**
     * Refuses a state-changing request that a page of another site may have sent, because browsers attach the cookie to
     * any request.
     */
    private static void refuseForged(RoutingContext ctx, PresentedCredentials presented) {
        if (presented.cookieAlone() && SameOrigin.needsProof(ctx.request()) && !SameOrigin.proven(ctx.request())) {
            throw Problem.of(Code.CROSS_SITE, "a request with a cookie must come from a page of this gateway")
                    .toException();
        }
    }

    private static Credential permitted(Credential credential, Role role) {
        if (!credential.caller().role().includes(role)) {
            if (credential.caller().isAnonymous()) {
                throw Refusal.MISSING.toException();
            }
            throw Problem.of(Code.FORBIDDEN, "the role " + role.text() + " is required")
                    .toException();
        }
        return credential;
    }
}
