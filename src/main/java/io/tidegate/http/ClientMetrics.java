package io.tidegate.http;

import io.micrometer.core.instrument.MeterRegistry;
import io.tidegate.adapter.grip.HeldClientCount;
import io.tidegate.adapter.grip.HoldMetrics;
import io.tidegate.adapter.tap.TapMetrics;
import io.tidegate.delivery.hub.HubListener;
import io.tidegate.delivery.sse.OpenStreamCount;
import io.tidegate.delivery.sse.StreamMetrics;
import io.tidegate.problem.ProblemMetrics;
import io.tidegate.publish.PublishMetrics;

/**
 * The metrics of all components that serve clients. All event loops share them, so every meter is registered only once.
 */
public record ClientMetrics(
        StreamMetrics streams,
        HubListener hub,
        PublishMetrics publish,
        ProblemMetrics problems,
        TapMetrics taps,
        HoldMetrics holds) {

    /** Registers all metrics. */
    public static ClientMetrics register(MeterRegistry registry, OpenStreamCount streams, HeldClientCount held) {
        return new ClientMetrics(
                new StreamMetrics(registry, streams),
                HubListener.recording(registry),
                new PublishMetrics(registry),
                new ProblemMetrics(registry),
                new TapMetrics(registry),
                new HoldMetrics(registry, held));
    }
}
