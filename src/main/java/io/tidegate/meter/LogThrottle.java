package io.tidegate.meter;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Limits the log lines about a repeated event to one per minute, without losing count of its occurrences. The first
 * occurrence is logged immediately. Thread-safe.
 */
public final class LogThrottle {

    private static final long INTERVAL_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final LongSupplier nanoTime;
    private final AtomicLong count = new AtomicLong();
    private final AtomicLong due;

    public LogThrottle(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.due = new AtomicLong(nanoTime.getAsLong());
    }

    /**
     * Counts an occurrence. Returns the number of occurrences since the last log line if a line is due, and otherwise
     * 0.
     */
    public long occurred() {
        count.incrementAndGet();
        long previous = due.get();
        long now = nanoTime.getAsLong();
        return now - previous >= 0 && due.compareAndSet(previous, now + INTERVAL_NANOS) ? count.getAndSet(0) : 0;
    }
}
