package io.tidegate.delivery.hub;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.tidegate.meter.Latency;
import java.util.concurrent.TimeUnit;

/** Receives the latency from the receipt of events by the journal to their delivery. Called on the hub's event loop. */
@FunctionalInterface
public interface HubListener {

    HubListener NONE = nanos -> {};

    /**
     * Called after a turn in which all subscribers have been notified.
     *
     * @param nanos the time since the journal received the oldest draft of the turn's first batch
     */
    void delivered(long nanos);

    /** Returns a listener that records the latencies. It may be shared by several event loops. */
    static HubListener recording(MeterRegistry registry) {
        Timer flush =
                Latency.histogram(registry, "publish.to.flush", "From an acknowledgement to the write to streams");
        return nanos -> flush.record(nanos, TimeUnit.NANOSECONDS);
    }
}
