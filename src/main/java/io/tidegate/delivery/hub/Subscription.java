package io.tidegate.delivery.hub;

import io.tidegate.event.Event;
import io.tidegate.event.Selection;
import java.util.ArrayList;
import java.util.List;

/** A subscriber's subscription to the events of a selection. Owned by the hub's event loop. */
public final class Subscription {

    private final Selection selection;
    private final Subscriber subscriber;
    private final List<Event> events = new ArrayList<>();
    private boolean left;
    private boolean touched;

    Subscription(Selection selection, Subscriber subscriber) {
        this.selection = selection;
        this.subscriber = subscriber;
    }

    Selection selection() {
        return selection;
    }

    void leave() {
        left = true;
    }

    /**
     * Collects an event for {@link #deliver}. Returns true for the first event that is collected in a turn. An event
     * that matches several patterns of the selection is offered several times but collected once.
     */
    boolean offer(Event event) {
        if (!selection.admits(event) || isLast(event)) {
            return false;
        }
        events.add(event);
        boolean first = !touched;
        touched = true;
        return first;
    }

    /** Delivers the collected events unless the subscriber has left. */
    void deliver() {
        // The end of a history discards events that were collected before it.
        if (!left && !events.isEmpty()) {
            subscriber.deliver(events);
        }
    }

    /** Notifies the subscriber, unless it has left, that delivery has failed. */
    void failed(Throwable cause) {
        if (!left) {
            subscriber.failed(cause);
        }
    }

    /** Discards the collected events, so that the next turn begins with none. */
    void clear() {
        events.clear();
        touched = false;
    }

    void drain() {
        subscriber.drain();
    }

    void historyEnded() {
        clear();
        if (!left) {
            subscriber.historyEnded();
        }
    }

    private boolean isLast(Event event) {
        return !events.isEmpty() && events.get(events.size() - 1).offset() == event.offset();
    }
}
