package io.tidegate.delivery.sse;

import io.tidegate.edge.overload.OutgoingMemory;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** The outgoing memory, and the streams of one event loop for which it did not suffice. Owned by that event loop. */
final class StreamMemory {

    private static final int RETRY_MILLIS = 20;
    /** The maximum number of streams that are continued together; each of them reads events again. */
    private static final int RETRIES = 16;

    private final Vertx vertx;
    private final OutgoingMemory outgoing;
    private final Deque<Runnable> waiting = new ArrayDeque<>();

    StreamMemory(Vertx vertx, OutgoingMemory outgoing) {
        this.vertx = vertx;
        this.outgoing = outgoing;
    }

    OutgoingMemory outgoing() {
        return outgoing;
    }

    /**
     * Runs the action, which continues a stream, when memory may have become free. The action must wait again if the
     * memory still does not suffice.
     */
    void await(Runnable action) {
        waiting.add(action);
        if (waiting.size() == 1) {
            vertx.setTimer(RETRY_MILLIS, ignored -> retry());
        }
    }

    private void retry() {
        List<Runnable> retried = new ArrayList<>();
        while (retried.size() < RETRIES && !waiting.isEmpty()) {
            retried.add(waiting.remove());
        }
        if (!waiting.isEmpty()) {
            vertx.setTimer(RETRY_MILLIS, ignored -> retry());
        }
        retried.forEach(Runnable::run);
    }
}
