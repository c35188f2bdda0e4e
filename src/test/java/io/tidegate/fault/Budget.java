package io.tidegate.fault;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How many more events publishers may have acknowledged. What readers have to read is then the same on a machine of any
 * speed, however long the gateway is away.
 */
final class Budget {

    private final AtomicLong left = new AtomicLong();

    void add(int events) {
        left.addAndGet(events);
    }

    /** Takes room for so many; false, and nothing taken, where there is less. */
    boolean take(int events) {
        return left.getAndUpdate(before -> before < events ? before : before - events) >= events;
    }

    /** Gives back what {@link #take} took. */
    void give(int events) {
        left.addAndGet(events);
    }
}
