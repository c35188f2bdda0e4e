package io.tidegate.adapter.grip;

import io.tidegate.event.Cursor;
import io.tidegate.event.Event;
import io.tidegate.event.Topic;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The period between the request to the origin and the moment when the client is held. An item that was published in
 * this window may or may not be in the origin's response. On channels for which the origin specifies the last item that
 * it knew, the client receives every item after that one; on other channels, the client receives only items published
 * after it was held. Owned by one event loop.
 */
final class HandoffWindow {

    private final Cursor held;
    private final Map<Topic, String> previousIds;
    private final Map<Topic, Long> knownOffsets = new HashMap<>();

    /**
     * Creates the window. Must be called before any events in it are read.
     *
     * @param held the position at which the client was held; the client receives every event after that position
     * @param previousIds the id of the last item that the origin knew, for each channel for which it specifies one
     */
    HandoffWindow(Cursor held, Map<Topic, String> previousIds) {
        this.held = held;
        this.previousIds = previousIds;
    }

    /** Returns the id of the last item that the origin knew, for each channel for which it specifies one. */
    Map<Topic, String> previousIds() {
        return previousIds;
    }

    Cursor held() {
        return held;
    }

    /**
     * Returns the position at which the client starts to read.
     * @param requested the journal's head at the time of the request to the origin
     */
    Cursor readFrom(Cursor requested) {
        return previousIds.isEmpty() ? held : requested;
    }

    /**
     * Determines which items the origin knew. Must be called with all events up to the hold, in order, before
     * {@link #unseen} is called.
     */
    void learn(List<Event> events) {
        for (Event event : events) {
            String last = previousIds.get(event.topic());
            if (last != null
                    && event.data().isObject()
                    && event.data().scalar("id").filter(last::equals).isPresent()) {
                knownOffsets.put(event.topic(), event.offset());
            }
        }
    }

    /**
     * Returns the events to send to the client, which are the events after the hold and those that the origin did not
     * know.
     */
    List<Event> unseen(List<Event> events) {
        if (events.isEmpty() || events.get(0).offset() > held.offset()) {
            return events;
        }
        return events.stream()
                .filter(event -> event.offset() > held.offset()
                        || previousIds.containsKey(event.topic())
                                && event.offset() > knownOffsets.getOrDefault(event.topic(), -1L))
                .toList();
    }
}
