package io.tidegate.delivery.hub;

import io.tidegate.event.Event;
import io.tidegate.event.Selection;
import java.util.ArrayList;
import java.util.List;

/** One reader's place in the hub. Owned by the hub's event loop. */
public final class Subscription {

    private final Selection selection;
    private final Subscriber reader;
    private final List<Event> events = new ArrayList<>();
    private boolean left;

    Subscription(Selection selection, Subscriber reader) {
        this.selection = selection;
        this.reader = reader;
    }

    Selection selection() {
        return selection;
    }

    void leave() {
        left = true;
    }

    /**
     * Puts an event aside for {@link #deliver}; true for the first of a turn. An event that matches several patterns of
     * the selection comes several times and counts once.
     */
    boolean offer(Event event) {
        if (!selection.admits(event) || isLast(event)) {
            return false;
        }
        events.add(event);
        return events.size() == 1;
    }

    /** Whatever comes of it, what was put aside is so no longer. */
    void deliver() {
        try {
            if (!left) {
                reader.deliver(events);
            }
        } finally {
            events.clear();
        }
    }

    private boolean isLast(Event event) {
        return !events.isEmpty() && events.get(events.size() - 1).offset() == event.offset();
    }
}
