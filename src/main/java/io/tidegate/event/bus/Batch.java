package io.tidegate.event.bus;

import io.tidegate.event.Event;
import java.util.List;

/**
 * The events of one commit, in order. Only batches are sent to the event bus address {@link #ADDRESS}.
 *
 * @param events the events, at least one
 * @param queuedNanos the {@link System#nanoTime()} at which the batch's oldest draft arrived at the journal
 */
public record Batch(List<Event> events, long queuedNanos) {

    /** The address to which the journal publishes a batch after each commit. No other sender uses it. */
    public static final String ADDRESS = "events";

    public Batch {
        events = List.copyOf(events);
        if (events.isEmpty()) {
            throw new IllegalArgumentException("a batch must have at least one event");
        }
    }
}
