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

/** The taps of one event loop, and owned by it. */
public final class Taps {

    private static final Logger LOG = LoggerFactory.getLogger(Taps.class);

    /** How much of all bodies together is copied at the same time. */
    private static final int BUDGET = 8 << 20;
    /** How often a failure of one sort is said in the log. */
    private static final Duration SAY = Duration.ofMinutes(1);

    private final List<TapRule> rules;
    private final Clock clock;
    private final Function<Draft, Future<Boolean>> outlet;
    private final TapMetrics metrics;
    private final Body.Budget budget = new Body.Budget(BUDGET);
    private final Map<Outcome, Instant> said = new EnumMap<>(Outcome.class);

    /**
     * Makes the taps.
     *
     * @param outlet commits a draft, and says whether it was news
     */
    public Taps(
            List<Tap> taps, Journal journal, Clock clock, Function<Draft, Future<Boolean>> outlet, TapMetrics metrics) {
        this.rules = taps.stream().map(tap -> new TapRule(tap, journal, clock)).toList();
        this.clock = clock;
        this.outlet = outlet;
        this.metrics = metrics;
    }

    /** Looks at what becomes of this request, if a tap is on it. Right before it is given to the proxy. */
    public void observe(RoutingContext ctx) {
        HttpServerRequest request = ctx.request();
        String method = request.method().name();
        String path = String.valueOf(request.path());
        List<Match> matches = rules.stream()
                .flatMap(rule -> rule.match(method, path).stream().map(segments -> new Match(rule, segments)))
                .toList();
        if (!matches.isEmpty()) {
            Observation observation = new Observation(request, matches, this);
            ctx.addEndHandler(ended -> observation.over());
            Observer.set(ctx, observation);
        }
    }

    Body body(int limit) {
        return new Body(limit, budget);
    }

    void publish(TapRule rule, Draft draft) {
        outlet.apply(draft)
                .onSuccess(news -> tell(rule, news ? Outcome.PUBLISHED : Outcome.KNOWN))
                .onFailure(refused -> tell(rule, Outcome.REFUSED));
    }

    void tell(TapRule rule, Outcome outcome) {
        metrics.tapped(rule.kind(), outcome);
        if (outcome == Outcome.PUBLISHED || outcome == Outcome.KNOWN) {
            return;
        }
        Instant now = clock.instant();
        Instant last = said.get(outcome);
        if (last == null || !now.isBefore(last.plus(SAY))) {
            said.put(outcome, now);
            LOG.warn("event=tap-failed on=\"{}\" outcome={}", rule.tap().on(), outcome);
        }
    }
}
