package io.tidegate.adapter.tap;

import io.tidegate.adapter.tap.Observation.Match;
import io.tidegate.adapter.tap.TapMetrics.Outcome;
import io.tidegate.event.Draft;
import io.tidegate.journal.Journal;
import io.tidegate.proxy.Observer;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Matches requests against the taps and publishes the resulting events. Owned by one event loop. */
public final class Taps {

    private static final Logger LOG = LoggerFactory.getLogger(Taps.class);

    /** The maximum total size in bytes of all copied bodies. */
    private static final int BUDGET = 8 << 20;
    /** The minimum time between two log entries with the same outcome. */
    private static final Duration LOG_INTERVAL = Duration.ofMinutes(1);

    private final List<TapRule> rules;
    private final Clock clock;
    private final Function<Draft, Future<Boolean>> outlet;
    private final TapMetrics metrics;
    private final Body.Budget budget = new Body.Budget(BUDGET);
    private final Map<Outcome, Instant> loggedAt = new EnumMap<>(Outcome.class);

    /**
     * Creates the taps.
     *
     * @param outlet the function that commits a draft and returns whether the change was new
     */
    public Taps(
            List<Tap> taps, Journal journal, Clock clock, Function<Draft, Future<Boolean>> outlet, TapMetrics metrics) {
        this.rules = taps.stream().map(tap -> new TapRule(tap, journal, clock)).toList();
        this.clock = clock;
        this.outlet = outlet;
        this.metrics = metrics;
    }

    /**
     * Observes the request and its response if the request matches a tap. Must be called just before the proxy's
     * handler runs.
     */
    public void observe(RoutingContext ctx) {
        HttpServerRequest request = ctx.request();
        String method = request.method().name();
        String path = String.valueOf(request.path());
        List<Match> matches = rules.stream()
                .flatMap(rule -> rule.match(method, path).stream().map(segments -> new Match(rule, segments)))
                .toList();
        if (!matches.isEmpty()) {
            Observation observation = new Observation(request, matches, this);
            ctx.addEndHandler(ended -> observation.ended());
            Observer.set(ctx, observation);
        }
    }

    Body body(int limit) {
        return new Body(limit, budget);
    }

    void publish(TapRule rule, Draft draft) {
        outlet.apply(draft)
                .onSuccess(isNew -> record(rule, isNew ? Outcome.PUBLISHED : Outcome.KNOWN))
                .onFailure(refused -> record(rule, Outcome.REFUSED));
    }

    void record(TapRule rule, Outcome outcome) {
        metrics.tapped(rule.kind(), outcome);
        if (outcome == Outcome.PUBLISHED || outcome == Outcome.KNOWN) {
            return;
        }
        Instant now = clock.instant();
        Instant last = loggedAt.get(outcome);
        if (last == null || !now.isBefore(last.plus(LOG_INTERVAL))) {
            loggedAt.put(outcome, now);
            LOG.warn("event=tap-failed on=\"{}\" outcome={}", rule.tap().on(), outcome);
        }
    }
}
