package io.tidegate.delivery.hub;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.tidegate.meter.Latency;
import java.util.concurrent.TimeUnit;

/** Receives the latency of events from their publisher to the sockets. Called on the event loop of the hub. */
@FunctionalInterface
public interface HubListener {

    HubListener NONE = nanos -> {};

    /**
     * Called after a turn in which all subscribers have been notified.
     *
     * @param nanos the time since the journal received the oldest draft of the first batch of the turn
     */
    void delivered(long nanos);

    /** Returns a listener that records the latencies. It may be called from any event loop. */
    static HubListener recording(MeterRegistry registry) {
        Timer flush =
                Latency.histogram(registry, "publish.to.flush", "From an acknowledgement to the write to streams");
        return nanos -> flush.record(nanos, TimeUnit.NANOSECONDS);
    }
}
