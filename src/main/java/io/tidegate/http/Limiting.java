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
import io.tidegate.edge.limit.Permit;
import io.tidegate.edge.limit.Permits;
import io.tidegate.edge.limit.Refused;
import io.tidegate.problem.Code;
import io.tidegate.problem.Problem;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Counts every request for its client: the subject of its token, or else its address. Stands behind the check of the
 * path's form and before everything that costs more than to know who asks. Belongs to one event loop.
 */
final class Limiting {

    /** Paths that also have a form that is no stream; those that are streams alone are exempt by configuration. */
    private static final Pattern EVENTS_AND_LOGS = Pattern.compile("/api/events|/api/deploys/[^/]+/logs");

    /** Of a segment. */
    private static final Pattern PARAMETERS = Pattern.compile(";[^/]*");

    private static final Pattern EVENTS = Pattern.compile("/api/events");

    private static final Problem NO_PERMIT =
            new Problem(Code.STREAM_LIMIT, "as many streams are open as may be, here or of this client", 5);

    private final Limiter limiter;
    private final Permits permits;
    private final Guard guard;
    private final TrustedProxies proxies;
    private final Clock clock;
    private final Pattern streams;

    /** @param deploys whether deploys are ours and not an origin's */
    Limiting(NodeServices shared, Guard guard, HttpOptions options, boolean deploys) {
        this.limiter = shared.limits().limiter();
        this.permits = shared.limits().permits();
        this.guard = guard;
        this.proxies = TrustedProxies.parse(options.trustedProxies());
        this.clock = shared.clock();
        this.streams = deploys ? EVENTS_AND_LOGS : EVENTS;
    }

    /** Before all routes. */
    void request(RoutingContext ctx) {
        String path = ctx.normalizedPath();
        if (limiter.exempt(path)) {
            ctx.next();
        } else if (forStream(ctx, path)) {
            limiter.countExempt();
            ctx.next();
        } else {
            guard.caller(ctx).onSuccess(caller -> count(ctx, path, caller));
        }
    }

    /** An origin may know {@code /sign-in;x} by the name of {@code /sign-in}, whose rate it then has. */
    private static String withoutParameters(String path) {
        return path.indexOf(';') < 0 ? path : PARAMETERS.matcher(path).replaceAll("");
    }

    private void count(RoutingContext ctx, String path, Optional<Caller> caller) {
        HttpMethod method = ctx.request().method();
        boolean publishing = !method.equals(GET)
                && !method.equals(HEAD)
                && caller.filter(known -> known.role().includes(Role.PUBLISHER)).isPresent();
        Optional<Refused> refused = limiter.request(withoutParameters(path), publishing, name(caller, address(ctx)));
        if (refused.isPresent()) {
            tell(ctx, refused.get());
            ctx.fail(refused.get().problem().toException());
        } else {
            ctx.next();
        }
    }

    /** Whether one more stream may be opened, for the caller that the guard let in. */
    Admission stream(RoutingContext ctx) {
        Caller caller = Caller.of(ctx);
        ClientAddress address = address(ctx);
        Optional<Caller> known = Optional.of(caller).filter(one -> !one.isAnonymous());
        Optional<Refused> refused = limiter.attempt(name(known, address));
        if (refused.isPresent()) {
            tell(ctx, refused.get());
            return new Admission.Refused(refused.get().problem());
        }
        return admit(known, address);
    }

    /** Whether one more client of an origin may be held, for whoever the request was counted for. */
    Admission held(RoutingContext ctx) {
        return admit(guard.known(ctx), address(ctx));
    }

    /** Whoever has no token is told from others by the address alone. */
    private Admission admit(Optional<Caller> known, ClientAddress address) {
        return permits.tryAcquire(known.map(Caller::subject).orElse(address.site()), address.site())
                .<Admission>map(permit -> new Owner(permit, clock.millis()))
                .orElseGet(() -> new Admission.Refused(NO_PERMIT));
    }

    private static void tell(RoutingContext ctx, Refused refused) {
        ctx.response()
                .putHeader("RateLimit-Policy", refused.policyField())
                .putHeader("RateLimit", refused.limitField());
    }

    private ClientAddress address(RoutingContext ctx) {
        return proxies.client(ctx.request());
    }

    private static String name(Optional<Caller> caller, ClientAddress address) {
        return caller.filter(known -> !known.isAnonymous())
                .map(known -> "subject " + known.subject())
                .orElseGet(() -> "address " + address.site());
    }

    private boolean forStream(RoutingContext ctx, String path) {
        return ctx.request().method().equals(GET)
                && StreamHandlers.wanted(ctx)
                && streams.matcher(path).matches();
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
