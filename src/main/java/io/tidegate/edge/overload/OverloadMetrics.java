package io.tidegate.edge.overload;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.BooleanSupplier;

/** Registers the metrics of overload. */
final class OverloadMetrics {

    private OverloadMetrics() {}

    static void register(MeterRegistry registry, Headroom headroom) {
        shortage(registry, "descriptors", headroom::descriptorsShort);
        shortage(registry, "heap", headroom::heapShort);
        Gauge.builder("overload.bodies", headroom, Headroom::bodies)
                .description("Bytes of request bodies being read or committed")
                .baseUnit("bytes")
                .register(registry);
        FunctionCounter.builder("overload.connections.refused", headroom, Headroom::refusedConnections)
                .description("Connections closed at once for want of descriptors")
                .register(registry);
    }

    private static void shortage(MeterRegistry registry, String resource, BooleanSupplier active) {
        Gauge.builder("overload.active", () -> active.getAsBoolean() ? 1 : 0)
                .description("Whether new work is refused for want of this")
                .tag("resource", resource)
                .register(registry);
    }
}
