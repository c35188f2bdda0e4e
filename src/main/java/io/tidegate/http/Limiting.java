package io.tidegate.http;

import static io.vertx.core.http.HttpMethod.GET;
import static io.vertx.core.http.HttpMethod.HEAD;

import io.tidegate.access.Caller;
import io.tidegate.access.Role;
import io.tidegate.auth.Guard;
import io.tidegate.delivery.sse.Admission;
import io.tidegate.delivery.sse.StreamHandlers;
import io.tidegate.edge.client.ClientAddress;
import io.tidegate.edge.client.TrustedProxies;
import io.tidegate.edge.limit.Limiter;
import io.tidegate.edge.limit.Limiter.Purpose;
import io.tidegate.edge.limit.Permit;
import io.tidegate.edge.limit.Permits;
import io.tidegate.edge.limit.Refused;
import io.tidegate.edge.overload.OutgoingMemory;
import io.tidegate.problem.Code;
import io.tidegate.problem.Problem;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Applies the rate limits to every request. Clients are identified by the subject of their token or, if they have none,
 * by their address. Runs after the path has been checked and before anything more expensive than identifying the
 * caller. Owned by one event loop.
 */
final class Limiting {

    /**
     * Matches the paths that serve either a stream or JSON, depending on {@code Accept}. Paths that serve only streams
     * are exempted by the configuration.
     */
    private static final Pattern EVENTS_AND_LOGS = Pattern.compile("/api/events|/api/deploys/[^/]+/logs");

    /** Matches the parameters of a path segment. */
    private static final Pattern PARAMETERS = Pattern.compile(";[^/]*");

    private static final Problem NO_PERMIT =
            new Problem(Code.STREAM_LIMIT, "the maximum number of streams is open, on this node or for this client", 5);

    private final Limiter limiter;
    private final Permits permits;
    private final Guard guard;
    private final TrustedProxies proxies;
    private final Clock clock;
    private final ApiRoutes own;
    private final Predicate<RoutingContext> isForOrigin;

    /**
     * Creates an instance for one event loop. The limits are shared with the other event loops.
     *
     * @param own the gateway's own paths; limits are the same with and without their prefix
     * @param isForOrigin tests whether a request will be served by an origin
     */
    Limiting(
            NodeServices services,
            Guard guard,
            HttpOptions options,
            ApiRoutes own,
            Predicate<RoutingContext> isForOrigin) {
        this.limiter = services.limits().limiter();
        this.permits = services.limits().permits();
        this.guard = guard;
        this.proxies = options.proxies();
        this.clock = services.clock();
        this.isForOrigin = isForOrigin;
        this.own = own;
    }

    /** Counts a request and rejects it if it exceeds the limit. Called before all routes. */
    void request(RoutingContext ctx) {
        String path = own.nameOf(ctx.normalizedPath());
        if (limiter.exempt(path)) {
            ctx.next();
        } else if (isStreamRequest(ctx, path)) {
            limiter.countExempt();
            ctx.next();
        } else {
            guard.caller(ctx).onSuccess(caller -> count(ctx, path, caller));
        }
    }

    /** Returns the name of the rate that applies to requests for a path. */
    String rateOf(String path) {
        return limiter.policy(withoutParameters(own.nameOf(path)));
    }

    /**
     * Removes path parameters. An origin may treat {@code /sign-in;x} like {@code /sign-in}, so the same rate must
     * apply.
     */
    private static String withoutParameters(String path) {
        return path.indexOf(';') < 0 ? path : PARAMETERS.matcher(path).replaceAll("");
    }

    private void count(RoutingContext ctx, String path, Optional<Caller> caller) {
        HttpMethod method = ctx.request().method();
        boolean publishing = !method.equals(GET)
                && !method.equals(HEAD)
                && caller.filter(known -> known.role().includes(Role.PUBLISHER)).isPresent();
        Purpose purpose = publishing ? Purpose.PUBLISHING : isForOrigin.test(ctx) ? Purpose.ORIGIN : Purpose.OTHER;
        Optional<Refused> refused = limiter.request(withoutParameters(path), purpose, clientName(caller, address(ctx)));
        if (refused.isPresent()) {
            writeRateLimit(ctx, refused.get());
            ctx.fail(refused.get().problem().toException());
        } else {
            ctx.next();
        }
    }

    /** Decides whether the authenticated caller may open another stream. */
    Admission stream(RoutingContext ctx) {
        ClientAddress address = address(ctx);
        Optional<Caller> known = named(Caller.of(ctx));
        Optional<Refused> refused = limiter.attempt(clientName(known, address));
        if (refused.isPresent()) {
            writeRateLimit(ctx, refused.get());
            return new Admission.Refused(refused.get().problem());
        }
        return admit(known, address);
    }

    /**
     * Decides whether another client of an origin may be held. The client is identified in the same way as in
     * {@link #request}.
     */
    Admission held(RoutingContext ctx) {
        return admit(guard.known(ctx), address(ctx));
    }

    /** Acquires a permit. */
    private Admission admit(Optional<Caller> known, ClientAddress address) {
        OutgoingMemory.Recipient client = client(known, address);
        return permits.tryAcquire(client.subject(), client.address())
                .<Admission>map(permit -> new Owner(permit, clock.millis()))
                .orElseGet(() -> new Admission.Refused(NO_PERMIT));
    }

    /** Returns the client that sent a request of an authenticated caller. */
    OutgoingMemory.Recipient client(RoutingContext ctx) {
        return client(named(Caller.of(ctx)), address(ctx));
    }

    /** Returns a client. A caller without a token is identified by its address. */
    private static OutgoingMemory.Recipient client(Optional<Caller> known, ClientAddress address) {
        return new OutgoingMemory.Recipient(known.map(Caller::subject).orElse(address.site()), address.site());
    }

    private static Optional<Caller> named(Caller caller) {
        return Optional.of(caller).filter(one -> !one.isAnonymous());
    }

    private static void writeRateLimit(RoutingContext ctx, Refused refused) {
        ctx.response()
                .putHeader("RateLimit-Policy", refused.policyField())
                .putHeader("RateLimit", refused.limitField());
    }

    private ClientAddress address(RoutingContext ctx) {
        return proxies.client(ctx.request());
    }

    private static String clientName(Optional<Caller> caller, ClientAddress address) {
        return caller.filter(known -> !known.isAnonymous())
                .map(known -> "subject " + known.subject())
                .orElseGet(() -> "address " + address.site());
    }

    private boolean isStreamRequest(RoutingContext ctx, String path) {
        return ctx.request().method().equals(GET)
                && StreamHandlers.acceptsEventStream(ctx)
                && EVENTS_AND_LOGS.matcher(path).matches()
                && !isForOrigin.test(ctx);
    }

    private record Owner(Permit permit, long sinceMillis) implements Admission.Owner {

        @Override
        public long number() {
            return permit.number();
        }

        @Override
        public String subject() {
            return permit.subject();
        }

        @Override
        public String address() {
            return permit.address();
        }

        @Override
        public Instant since() {
            return Instant.ofEpochMilli(sinceMillis);
        }

        @Override
        public void release() {
            permit.release();
        }
    }
}
