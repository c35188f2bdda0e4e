package io.tidegate.adapter.watch;

import io.tidegate.event.Kind;

/** Learns how polls ended. Called on any thread. */
@FunctionalInterface
public interface WatchListener {

    /** How a poll ended. */
    enum Outcome {
        CHANGED,
        SAME,
        FAILED
    }

    void polled(Kind kind, Outcome outcome);
}
