package io.tidegate.delivery.hub;

import io.tidegate.event.Event;
import java.util.List;

/** Who is told of the events of a selection, on the hub's event loop. */
@FunctionalInterface
public interface Subscriber {

    /**
     * Takes what came in during one turn of the loop.
     *
     * @param events those of the reader's selection, in order, at least one; the list belongs to the caller again when
     *     the method returns
     */
    void deliver(List<Event> events);
}
