package io.tidegate.delivery.hub;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.tidegate.meter.Latency;
import java.util.concurrent.TimeUnit;

/** Learns how long events took from their publisher to the sockets. Called on the hub's event loop. */
@FunctionalInterface
public interface HubListener {

    HubListener NONE = nanos -> {};

    /** Every reader has been handed a batch, {@code nanos} after the journal got the oldest draft of it. */
    void delivered(long nanos);

    /** Returns a listener that records the times; safe from every event loop. */
    static HubListener recording(MeterRegistry registry) {
        Timer flush =
                Latency.histogram(registry, "publish.to.flush", "From an acknowledgement to the write to streams");
        return nanos -> flush.record(nanos, TimeUnit.NANOSECONDS);
    }
}
