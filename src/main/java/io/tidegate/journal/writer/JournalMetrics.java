package io.tidegate.journal.writer;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.tidegate.meter.Latency;
import java.util.concurrent.TimeUnit;

/** Measures how long publishers wait for a commit. Thread-safe. */
final class JournalMetrics {

    private final Timer acknowledge;

    JournalMetrics(MeterRegistry registry) {
        acknowledge =
                Latency.histogram(registry, "publish.acknowledge", "From a publish request to its acknowledgement");
    }

    /**
     * Records that a batch was acknowledged.
     *
     * @param nanos the time from the arrival of the batch's oldest append at the journal to its receipt
     */
    void acknowledged(long nanos) {
        acknowledge.record(nanos, TimeUnit.NANOSECONDS);
    }
}
