package io.tidegate.ops;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Set;
import java.util.function.Supplier;

/** What the gateway counts about the limits of its clients. Safe from any thread. */
public final class LimitMetrics {

    private final MeterRegistry registry;
    private final LabelMap<Counter> requests;
    private final LabelMap<Counter> refusedStreams;

    LimitMetrics(MeterRegistry registry, Set<String> outcomes, Set<String> limits) {
        this.registry = registry;
        requests = new LabelMap<>(outcomes, outcome -> Counter.builder("limit.requests")
                .description("Requests counted for their clients")
                .tag("outcome", outcome)
                .register(registry));
        refusedStreams = new LabelMap<>(limits, limit -> Counter.builder("limit.streams.refused")
                .description("Streams refused")
                .tag("limit", limit)
                .register(registry));
    }

    /** A request was counted for its client. */
    public void requestCounted(String outcome) {
        requests.get(outcome).increment();
    }

    /** A stream was refused by a limit. */
    public void streamRefused(String limit) {
        refusedStreams.get(limit).increment();
    }

    /** From now on tells how many streams hold a permit, and how many may. */
    public void permits(Supplier<Number> inUse, Supplier<Number> all) {
        Gauge.builder("limit.stream.permits", inUse)
                .description("Permits that streams hold")
                .register(registry);
        Gauge.builder("limit.stream.permits.all", all)
                .description("Permits there are")
                .register(registry);
    }
}
