package io.tidegate.event.bus;

import io.tidegate.event.Event;
import java.util.List;

/**
 * The events of one commit, in order: the one message on the event bus address {@link #ADDRESS}.
 *
 * @param events at least one
 * @param queuedNanos {@link System#nanoTime()} when the oldest draft of the batch reached the journal
 */
public record Batch(List<Event> events, long queuedNanos) {

    /** Only the journal publishes here, only after a commit. */
    public static final String ADDRESS = "events";

    public Batch {
        events = List.copyOf(events);
        if (events.isEmpty()) {
            throw new IllegalArgumentException("a batch has events");
        }
    }
}
