package io.tidegate.problem;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Limits a log line that can be caused by clients to one occurrence per minute. Thread-safe. */
public final class LogLimit {

    private static final long INTERVAL = Duration.ofMinutes(1).toNanos();

    private final AtomicLong next = new AtomicLong(System.nanoTime());

    /** Returns whether the line may be logged now. */
    public boolean permits() {
        long now = System.nanoTime();
        long due = next.get();
        return now - due >= 0 && next.compareAndSet(due, now + INTERVAL);
    }
}
