package io.tidegate.journal.writer;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.tidegate.meter.Latency;
import java.util.concurrent.TimeUnit;

/** Records how long publishers waited for their commit. Safe from every thread. */
final class JournalMetrics {

    private final Timer acknowledge;

    JournalMetrics(MeterRegistry registry) {
        acknowledge =
                Latency.histogram(registry, "publish.acknowledge", "From a publish request to its acknowledgement");
    }

    /** @param nanos how long the append that waited longest did so, from its arrival at the journal to its answer */
    void acknowledged(long nanos) {
        acknowledge.record(nanos, TimeUnit.NANOSECONDS);
    }
}
