package io.tidegate.bench;

import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.Histogram;

/**
 * Counters shared by the streams of one event loop. Owned by that loop, but {@link #delivered} may be called from any
 * thread.
 */
final class Counts {

    /**
     * The largest value of a histogram in microseconds, which is ten minutes. Longer times are recorded as this value.
     */
    private static final long MAX_MICROS = 600_000_000;

    private final AtomicLong delivered = new AtomicLong();

    Histogram opening = histogram();
    Histogram latency = histogram();
    long bytes;
    long duplicates;
    long late;
    long strays;
    long reconnects;
    long lastDelivery;

    static Histogram histogram() {
        return new Histogram(MAX_MICROS, 3);
    }

    static void record(Histogram histogram, long nanos) {
        histogram.recordValue(Math.min(Math.max(nanos / 1000, 0), MAX_MICROS));
    }

    /** Returns the number of deliveries, without duplicates, since the beginning of the run. */
    long delivered() {
        return delivered.get();
    }

    void deliver(long now, long due) {
        delivered.lazySet(delivered.get() + 1);
        lastDelivery = now;
        record(latency, now - due);
    }

    /** Begins the measured part of the run by resetting the latencies and the byte count. */
    void begin() {
        latency = histogram();
        bytes = 0;
    }

    /** Adds the counters of another loop to these. */
    void add(Counts other) {
        delivered.addAndGet(other.delivered());
        opening.add(other.opening);
        latency.add(other.latency);
        bytes += other.bytes;
        duplicates += other.duplicates;
        late += other.late;
        strays += other.strays;
        reconnects += other.reconnects;
        lastDelivery = Math.max(lastDelivery, other.lastDelivery);
    }
}
