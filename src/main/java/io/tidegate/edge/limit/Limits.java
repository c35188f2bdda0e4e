package io.tidegate.edge.limit;

import io.micrometer.core.instrument.MeterRegistry;

/** All limits that a node applies to its clients. Thread-safe. */
public record Limits(Limiter limiter, Permits permits) {

    /** Creates the limits of a node and registers their metrics. */
    public static Limits of(LimitOptions options, MeterRegistry registry) {
        LimitMetrics metrics = new LimitMetrics(registry);
        Permits permits = new Permits(options.streams(), metrics);
        metrics.register(permits);
        return new Limits(new Limiter(options, metrics, System::nanoTime), permits);
    }

    /** Applies new options. */
    public void reconfigure(LimitOptions options) {
        limiter.reconfigure(options);
        permits.reconfigure(options.streams());
    }
}
