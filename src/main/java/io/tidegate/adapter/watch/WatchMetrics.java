package io.tidegate.adapter.watch;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.tidegate.event.Kind;
import io.tidegate.meter.Labelled;

/** Counts the polls for each kind by outcome, and exposes whether each list is stale. Thread-safe. */
final class WatchMetrics {

    /** The outcome of a poll. */
    enum Outcome {
        CHANGED,
        SAME,
        FAILED
    }

    private final Labelled<Kind, Labelled<Outcome, Counter>> polls;

    WatchMetrics(MeterRegistry registry, Watches watches) {
        polls = Labelled.of(
                Kind.class,
                Kind::plural,
                kind -> Labelled.withOther(Outcome.class, Labelled::lowerCase, outcome -> Counter.builder("watch.polls")
                        .description("Polls of watched lists")
                        .tags("kind", kind, "outcome", outcome)
                        .register(registry)));
        for (Kind kind : Kind.values()) {
            Gauge.builder("watch.stale", () -> isStale(watches, kind) ? 1 : 0)
                    .description("Whether the watched list is not confirmed by its origin")
                    .tag("kind", kind.plural())
                    .register(registry);
        }
    }

    private static boolean isStale(Watches watches, Kind kind) {
        return watches.staleSince(kind).isPresent();
    }

    void polled(Kind kind, Outcome outcome) {
        polls.get(kind).get(outcome).increment();
    }
}
