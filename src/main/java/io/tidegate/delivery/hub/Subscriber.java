package io.tidegate.delivery.hub;

import io.tidegate.event.Event;
import java.util.List;

/** Receives the events of a selection on the hub's event loop. */
public interface Subscriber {

    /**
     * Accepts the events that arrived during one turn of the loop.
     *
     * @param events the events of the selection in order, at least one; the caller reuses the list after the method
     *     returns
     */
    void deliver(List<Event> events);

    /**
     * Called if {@link #deliver} has failed. The subscriber must either disconnect each of its clients or let the
     * client continue after the last event that it received.
     */
    void failed(Throwable cause);

    /** Called when the node is shutting down. A subscriber that is waiting for an event must stop waiting. */
    default void drain() {}

    /**
     * Called when the history has ended and {@link Hub#head} belongs to a new epoch: a subscriber must not continue from
     * an earlier position.
     */
    default void historyEnded() {}
}
