package io.tidegate.delivery.hub;

import io.tidegate.event.Event;
import java.util.List;

/** Receives the events of a selection, on the event loop of the hub. */
public interface Subscriber {

    /**
     * Accepts the events that arrived during one turn of the loop.
     *
     * @param events the events of the selection in order, at least one; the caller reuses the list after the method
     *     returns
     */
    void deliver(List<Event> events);

    /**
     * Called if {@link #deliver} has failed. Each client of the subscriber must be ended, or must continue after the
     * last event that it received.
     */
    void failed(Throwable cause);

    /** Called when the node shuts down: a subscriber that waits for an event must stop waiting. */
    default void drain() {}
}
