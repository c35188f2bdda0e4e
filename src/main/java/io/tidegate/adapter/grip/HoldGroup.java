package io.tidegate.adapter.grip;

import io.tidegate.delivery.hub.Hub;
import io.tidegate.delivery.hub.Subscriber;
import io.tidegate.delivery.hub.Subscription;
import io.tidegate.delivery.sse.CloseReason;
import io.tidegate.event.Cursor;
import io.tidegate.event.Event;
import io.tidegate.event.Selection;
import io.tidegate.event.Topic;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The held clients on one event loop that receive the same items. A group is a subscriber of the hub. Owned by that
 * event loop.
 */
final class HoldGroup implements Subscriber {

    private final HoldKey key;
    private final Selection selection;
    private final Hub hub;
    private final Subscription subscription;
    private final HoldMetrics metrics;
    private final Runnable onEmpty;
    private final Set<HeldClient> held = new LinkedHashSet<>();

    HoldGroup(HoldKey key, Hub hub, HoldMetrics metrics, Runnable onEmpty) {
        this.key = key;
        this.selection = key.selection();
        this.hub = hub;
        this.metrics = metrics;
        this.onEmpty = onEmpty;
        this.subscription = hub.join(selection, this);
    }

    void add(HeldClient client) {
        held.add(client);
    }

    void leave(HeldClient client) {
        if (held.remove(client) && held.isEmpty()) {
            hub.leave(subscription);
            onEmpty.run();
        }
    }

    List<HeldClient> held() {
        return List.copyOf(held);
    }

    Selection selection() {
        return selection;
    }

    Mode mode() {
        return key.mode();
    }

    /** Returns the ids on which the content for a client depends; empty unless a filter uses them. */
    Map<Topic, String> usedIds(Map<Topic, String> previous) {
        return key.buildsIds() ? previous : Map.of();
    }

    /**
     * Encodes events for clients of this group.
     *
     * @param ids the ids of the last items that these clients have received
     */
    Delivery delivery(Map<Topic, String> ids, List<Event> events) {
        return Delivery.of(key, ids, events, metrics);
    }

    @Override
    public void historyEnded() {
        held().forEach(client -> client.lost(CloseReason.ERROR));
    }

    /** Encodes the events once for all clients with the same ids. Each client receives all events in one write. */
    @Override
    public void deliver(List<Event> events) {
        Event first = events.get(0);
        Cursor before = first.cursor().at(first.offset() - 1);
        Map<Map<Topic, String>, Delivery> encoded = new HashMap<>(2);
        held().forEach(client ->
                deliver(client, encoded.computeIfAbsent(client.ids(), ids -> delivery(ids, events)), before));
    }

    /** Delivers to one client. A failure must not affect other clients. */
    private static void deliver(HeldClient client, Delivery delivery, Cursor before) {
        try {
            client.deliver(delivery, before);
        } catch (Throwable failure) {
            client.failed(failure);
        }
    }

    @Override
    public void failed(Throwable cause) {
        held().forEach(client -> client.failed(cause));
    }
}
