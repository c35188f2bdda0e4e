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
 * Stands before a route and lets in who may pass. A token comes as {@code Authorization: Bearer}, as the cookie
 * {@code tidegate}, as {@code ?ticket=} in its stead, or, where that is switched on, as {@code ?access_token=}; whoever
 * passed is {@link Caller#of}. Safe from every event loop.
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
     * Lets in callers with at least this role. Others fail with {@code unauthenticated} (and a challenge),
     * {@code forbidden}, {@code cross-site} when a cookie alone carries a change that our own page did not send, or
     * {@code conflicting-credentials} when the request carries those of two subjects.
     */
    public Handler<RoutingContext> require(Role role) {
        return ctx -> identity(ctx)
                .map(identity -> {
                    refuseForged(ctx, identity.carriers());
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
     * Who a request comes from, whatever it is for; refuses nobody. A guard behind it goes by what was found.
     *
     * @return always succeeds; empty when the request does not show whose it is, or says nothing of that
     */
    public Future<Optional<Caller>> caller(RoutingContext ctx) {
        return identity(ctx)
                .map(identity -> Optional.of(identity.credential().caller()).filter(known -> !known.isAnonymous()))
                .otherwise(Optional.empty());
    }

    /** What {@link #caller} has found of this request; empty when nobody asked, too. */
    public Optional<Caller> known(RoutingContext ctx) {
        Future<Identity> found = ctx.get(IDENTITY);
        return found == null || !found.succeeded()
                ? Optional.empty()
                : Optional.of(found.result().credential().caller()).filter(known -> !known.isAnonymous());
    }

    /** Found once for each request. */
    private Future<Identity> identity(RoutingContext ctx) {
        Future<Identity> known = ctx.get(IDENTITY);
        if (known != null) {
            return known;
        }
        Future<Identity> found = onLoop(
                ctx,
                Future.succeededFuture(ctx).map(PresentedCredentials::of).compose(carriers -> identify(ctx, carriers)
                        .map(credential -> new Identity(carriers, credential))));
        ctx.put(IDENTITY, found);
        return found;
    }

    private record Identity(PresentedCredentials carriers, Credential credential) {}

    /** Comes back to the loop of the request, which keeps its body until then, if there is something to wait for. */
    private static <T> Future<T> onLoop(RoutingContext ctx, Future<T> decided) {
        if (decided.isComplete()) {
            return decided;
        }
        HttpServerRequest request = ctx.request().pause();
        Promise<T> here = Promise.promise();
        EventLoop.current(ctx.vertx()).bring(decided).onComplete(known -> {
            if (!ctx.response().closed()) {
                request.resume();
                here.handle(known);
            }
        });
        return here.future();
    }

    /** All that is carried must hold: a bad token beside a good one is a mistake to be told, not to be passed over. */
    private Future<Credential> identify(RoutingContext ctx, PresentedCredentials all) {
        if (all.none() && !anonymous.read().isEmpty() && !SameOrigin.needsProof(ctx.request())) {
            return Future.succeededFuture(new Credential(anonymous, ""));
        }
        PresentedCredentials carriers = tokenInQuery ? all : all.withoutQuery();
        List<Future<Credential>> found = Stream.of(
                        carriers.bearer().map(this::byToken),
                        carriers.ticket().map(this::byTicket),
                        carriers.query().map(this::byToken),
                        carriers.cookie().map(this::byToken))
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
        // Its token is looked at too: the key that signed it may have been withdrawn.
        return tickets.use(ticket)
                .map(credential -> byToken(credential.token()))
                .orElseGet(() -> Future.failedFuture(Refusal.TICKET.toException()));
    }

    /** The first, when all are of one subject: what the request names on purpose comes before the cookie. */
    private static Credential agreed(List<Credential> found) {
        Credential first = found.get(0);
        if (found.stream()
                .anyMatch(
                        other -> !other.caller().subject().equals(first.caller().subject()))) {
            throw PresentedCredentials.disagreement();
        }
        return first;
    }

    /** Only a cookie is sent without the sender knowing a secret. */
    private static void refuseForged(RoutingContext ctx, PresentedCredentials carriers) {
        if (carriers.cookieAlone() && SameOrigin.needsProof(ctx.request()) && !SameOrigin.proven(ctx.request())) {
            throw Problem.of(Code.CROSS_SITE, "a request with a cookie must come from a page of this gateway")
                    .toException();
        }
    }

    private static Credential permitted(Credential credential, Role role) {
        if (!credential.caller().role().includes(role)) {
            if (credential.caller().isAnonymous()) {
                throw Refusal.MISSING.toException();
            }
            throw Problem.of(Code.FORBIDDEN, "this needs the role " + role.text())
                    .toException();
        }
        return credential;
    }
}
