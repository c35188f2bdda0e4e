package io.tidegate.edge.limit;

import io.micrometer.core.instrument.MeterRegistry;

/** All by which a node says no to its clients. Safe from every event loop. */
public record Limits(Limiter limiter, Permits permits) {

    /** Makes the limits of a node, which count into this registry. */
    public static Limits of(LimitOptions options, MeterRegistry registry) {
        LimitMetrics metrics = new LimitMetrics(registry);
        Permits permits = new Permits(options.streams(), metrics);
        metrics.show(permits);
        return new Limits(new Limiter(options, metrics, System::nanoTime), permits);
    }

    /** Goes on with these options. */
    public void reconfigure(LimitOptions options) {
        limiter.reconfigure(options);
        permits.reconfigure(options.streams());
    }
}
