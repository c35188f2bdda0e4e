package io.tidegate.proxy;

import java.util.ArrayDeque;
import java.util.Deque;

/** Limits how many requests run at the same time and how many more may queue for a permit. Owned by one event loop. */
final class Bulkhead {

    private final Deque<Runnable> queue = new ArrayDeque<>();
    private final int permits;
    private final int maxQueued;
    private int inUse;

    Bulkhead(int permits, int maxQueued) {
        this.permits = permits;
        this.maxQueued = maxQueued;
    }

    /** Takes a permit if one is free; the caller must return it with {@link #release}. */
    boolean tryAcquire() {
        if (inUse >= permits) {
            return false;
        }
        inUse++;
        return true;
    }

    /** Queues for a permit; returns false if the queue is full. The callback owns the permit. */
    boolean enqueue(Runnable onPermit) {
        return queue.size() < maxQueued && queue.add(onPermit);
    }

    /** Removes a callback from the queue. */
    void withdraw(Runnable onPermit) {
        queue.remove(onPermit);
    }

    /** Returns a permit; the callback that has waited longest gets it. */
    void release() {
        Runnable next = queue.poll();
        if (next == null) {
            inUse--;
        } else {
            next.run();
        }
    }
}
