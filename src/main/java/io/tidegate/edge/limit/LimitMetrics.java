package io.tidegate.edge.limit;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.tidegate.meter.Labelled;

/** Counts the requests and streams that limits admit and refuse. Thread-safe. */
final class LimitMetrics {

    /** The outcome of a request. */
    enum Counted {
        /** The request was admitted and counted for its client. */
        PASSED,
        /** The request exceeded a rate limit and was refused. */
        REFUSED,
        /** The request belonged to a kind that is never refused. */
        EXEMPT
    }

    /** The limit because of which a stream was refused. */
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

    /** Registers gauges for the maximum number of permits and for the number that streams hold. */
    void register(Permits permits) {
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
