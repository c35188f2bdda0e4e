package io.tidegate.bench;

import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.Histogram;

/**
 * What the streams of one event loop have had. Owned by that loop; {@link #delivered} may be read by any thread.
 */
final class Counts {

    /** Microseconds: more than ten minutes count as ten. */
    private static final long LONGEST = 600_000_000;

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
        return new Histogram(LONGEST, 3);
    }

    static void record(Histogram histogram, long nanos) {
        histogram.recordValue(Math.min(Math.max(nanos / 1000, 0), LONGEST));
    }

    /** Distinct events that came to streams, since the beginning. */
    long delivered() {
        return delivered.get();
    }

    void deliver(long now, long due) {
        delivered.lazySet(delivered.get() + 1);
        lastDelivery = now;
        record(latency, now - due);
    }

    /** Begins the part of the run that is measured. */
    void begin() {
        latency = histogram();
        bytes = 0;
    }

    /** Adds what another loop has counted. */
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
