package io.tidegate.edge.limit;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.tidegate.meter.Labelled;

/** Counts what limits let pass and what they refuse. Safe from every thread. */
final class LimitMetrics {

    /** What became of a request. */
    enum Counted {
        /** It was counted for its client. */
        PASSED,
        /** It was one too many. */
        REFUSED,
        /** It was one of those that are never refused. */
        EXEMPT
    }

    /** Which limit refused a stream. */
    enum Limit {
        NODE,
        SUBJECT,
        ADDRESS,
        ATTEMPTS
    }

    private final MeterRegistry registry;
    private final Labelled<Counted, Counter> requests;
    private final Labelled<Limit, Counter> refusedStreams;

    LimitMetrics(MeterRegistry registry) {
        this.registry = registry;
        requests = Labelled.withOther(Counted.class, Labelled::lowerCase, outcome -> Counter.builder("limit.requests")
                .description("Requests counted for their clients")
                .tag("outcome", outcome)
                .register(registry));
        refusedStreams =
                Labelled.withOther(Limit.class, Labelled::lowerCase, limit -> Counter.builder("limit.streams.refused")
                        .description("Streams refused")
                        .tag("limit", limit)
                        .register(registry));
    }

    /** Shows how many permits there are and how many of them streams hold. */
    void show(Permits permits) {
        Gauge.builder("limit.stream.permits", permits::inUse)
                .description("Permits that streams hold")
                .register(registry);
        Gauge.builder("limit.stream.permits.all", permits::limit)
                .description("Permits there are")
                .register(registry);
    }

    void counted(Counted outcome) {
        requests.get(outcome).increment();
    }

    void streamRefused(Limit limit) {
        refusedStreams.get(limit).increment();
    }
}
