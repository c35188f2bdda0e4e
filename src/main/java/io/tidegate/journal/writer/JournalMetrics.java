package io.tidegate.journal.writer;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.tidegate.meter.Latency;
import java.util.concurrent.TimeUnit;

/** Records how long publishers wait for a commit. Thread-safe. */
final class JournalMetrics {

    private final Timer acknowledge;

    JournalMetrics(MeterRegistry registry) {
        acknowledge =
                Latency.histogram(registry, "publish.acknowledge", "From a publish request to its acknowledgement");
    }

    /** @param nanos the time from the arrival of the oldest append of a batch at the journal to its receipt */
    void acknowledged(long nanos) {
        acknowledge.record(nanos, TimeUnit.NANOSECONDS);
    }
}
