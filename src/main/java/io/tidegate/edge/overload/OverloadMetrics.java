package io.tidegate.edge.overload;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.tidegate.meter.Labelled;
import java.util.function.BooleanSupplier;

/** The overload metrics. Thread-safe. */
final class OverloadMetrics {

    /** The limit because of which a connection was refused. */
    enum Limit {
        /** The maximum number of connections, or the descriptors of the process that are left. */
        NODE,
        /** The maximum share of one address. */
        ADDRESS
    }

    private final Labelled<Limit, Counter> refused;

    OverloadMetrics(MeterRegistry registry, Headroom headroom) {
        OutgoingMemory outgoing = headroom.outgoing();
        Gauge.builder("tidegate.outgoing", outgoing, OutgoingMemory::used)
                .description("Bytes of data that clients have not accepted yet")
                .baseUnit("bytes")
                .register(registry);
        FunctionCounter.builder("tidegate.outgoing.refused", outgoing, OutgoingMemory::refused)
                .description("Responses and steps of streams that had to wait for outgoing memory, or were refused")
                .register(registry);
        shortage(registry, "descriptors", headroom::descriptorsShort);
        shortage(registry, "heap", headroom::heapShort);
        Gauge.builder("overload.bodies", headroom, Headroom::bodies)
                .description("Bytes of request bodies being read or committed")
                .baseUnit("bytes")
                .register(registry);
        refused = Labelled.of(Limit.class, Labelled::lowerCase, limit -> Counter.builder("overload.connections.refused")
                .description("Connections closed at once")
                .tag("limit", limit)
                .register(registry));
    }

    void refused(Limit limit) {
        refused.get(limit).increment();
    }

    private static void shortage(MeterRegistry registry, String resource, BooleanSupplier active) {
        Gauge.builder("overload.active", () -> active.getAsBoolean() ? 1 : 0)
                .description("Whether new work is refused for want of this")
                .tag("resource", resource)
                .register(registry);
    }
}
