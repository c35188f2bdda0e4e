package io.tidegate.fault;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Limits the total number of acknowledged events of all publishers. The amount that readers must read then depends
 * neither on the speed of the machine nor on how long the gateway is down. Thread-safe.
 */
final class Budget {

    private final AtomicLong left = new AtomicLong();

    void add(int events) {
        left.addAndGet(events);
    }

    /** Reserves a number of events. Returns false without a reservation if fewer are left. */
    boolean take(int events) {
        return left.getAndUpdate(before -> before < events ? before : before - events) >= events;
    }

    /** Returns events that {@link #take} reserved and that were not acknowledged. */
    void release(int events) {
        left.addAndGet(events);
    }
}
