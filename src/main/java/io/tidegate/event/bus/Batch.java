package io.tidegate.event.bus;

import io.tidegate.event.Event;
import java.util.List;

/**
 * The events of one commit, in order. Batches are the only messages on the event bus address {@link #ADDRESS}.
 *
 * @param events the events, at least one
 * @param queuedNanos the {@link System#nanoTime()} at the arrival of the oldest draft of the batch at the journal
 */
public record Batch(List<Event> events, long queuedNanos) {

    /** The address to which batches are published, by the journal only and after each commit. */
    public static final String ADDRESS = "events";

    public Batch {
        events = List.copyOf(events);
        if (events.isEmpty()) {
            throw new IllegalArgumentException("a batch must have at least one event");
        }
    }
}
