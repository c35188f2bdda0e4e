package io.tidegate.proxy;

import java.util.ArrayDeque;
import java.util.Deque;

/** Owned by one event loop. How many may be on their way at once, and how many may wait for one of them to end. */
final class Bulkhead {

    private final Deque<Runnable> queue = new ArrayDeque<>();
    private final int places;
    private final int waiting;
    private int taken;

    Bulkhead(int places, int waiting) {
        this.places = places;
        this.waiting = waiting;
    }

    /** Takes a place, to be followed by {@link #leave}, unless all are taken. */
    boolean enter() {
        if (taken >= places) {
            return false;
        }
        taken++;
        return true;
    }

    /** Waits for a place, unless too many do; what is run has it. */
    boolean queue(Runnable entered) {
        return queue.size() < waiting && queue.add(entered);
    }

    /** Waits no more. */
    void withdraw(Runnable entered) {
        queue.remove(entered);
    }

    /** Hands the place on to whoever waits longest. */
    void leave() {
        Runnable next = queue.poll();
        if (next == null) {
            taken--;
        } else {
            next.run();
        }
    }
}
