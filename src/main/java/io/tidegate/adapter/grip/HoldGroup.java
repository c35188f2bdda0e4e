package io.tidegate.adapter.grip;

import io.tidegate.delivery.hub.Hub;
import io.tidegate.delivery.hub.Subscriber;
import io.tidegate.delivery.hub.Subscription;
import io.tidegate.event.Cursor;
import io.tidegate.event.Event;
import io.tidegate.event.Selection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** All clients of one event loop that hear the same. Owned by that event loop. */
final class HoldGroup implements Subscriber {

    private final HoldKey audience;
    private final Selection selection;
    private final Hub hub;
    private final Subscription seat;
    private final HoldMetrics metrics;
    private final Runnable emptied;
    private final Set<HeldClient> held = new LinkedHashSet<>();

    HoldGroup(HoldKey audience, Hub hub, HoldMetrics metrics, Runnable emptied) {
        this.audience = audience;
        this.selection = audience.selection();
        this.hub = hub;
        this.metrics = metrics;
        this.emptied = emptied;
        this.seat = hub.join(selection, this);
    }

    void add(HeldClient client) {
        held.add(client);
    }

    void leave(HeldClient client) {
        if (held.remove(client) && held.isEmpty()) {
            hub.leave(seat);
            emptied.run();
        }
    }

    List<HeldClient> held() {
        return List.copyOf(held);
    }

    Selection selection() {
        return selection;
    }

    Mode mode() {
        return audience.mode();
    }

    Delivery delivery(List<Event> events) {
        return Delivery.of(audience, events, metrics);
    }

    /** What came in one turn goes out as one write; the bytes are made once for all. */
    @Override
    public void deliver(List<Event> events) {
        Event first = events.get(0);
        Cursor before = first.cursor().at(first.offset() - 1);
        Delivery delivery = delivery(events);
        held().forEach(client -> client.deliver(delivery, before));
    }
}
