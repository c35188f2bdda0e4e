package io.tidegate.adapter.grip;

import io.tidegate.event.Cursor;
import io.tidegate.event.Event;
import io.tidegate.event.Topic;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Between the origin's answer and the hold: what was published after the origin was asked, and before its client was held,
 * may be in the answer or not. Where the origin says which item it knew last, what follows that one is told. Owned by one
 * event loop.
 */
final class HandoffWindow {

    private final Cursor held;
    private final Map<Topic, String> seen;
    private final Map<Topic, Long> known = new HashMap<>();

    /**
     * Makes one of which nothing was read yet.
     *
     * @param held the position at which the client was held; all behind it is told
     * @param seen for channels of which the origin says so, the id of the item that it knew when it answered
     */
    HandoffWindow(Cursor held, Map<Topic, String> seen) {
        this.held = held;
        this.seen = seen;
    }

    Cursor held() {
        return held;
    }

    /** Where a client begins to read that was held at that position, and whose origin was asked at this one. */
    Cursor begin(Cursor asked) {
        return seen.isEmpty() ? held : asked;
    }

    /** Looks for what the origin knew; to be given all events up to the hold, in order, before {@link #unseen} is asked. */
    void learn(List<Event> events) {
        for (Event event : events) {
            String last = seen.get(event.topic());
            if (last != null
                    && event.data().isObject()
                    && event.data().scalar("id").filter(last::equals).isPresent()) {
                known.put(event.topic(), event.offset());
            }
        }
    }

    /** Those that the origin did not know. */
    List<Event> unseen(List<Event> events) {
        if (events.isEmpty() || events.get(0).offset() > held.offset()) {
            return events;
        }
        return events.stream()
                .filter(event -> event.offset() > held.offset()
                        || seen.containsKey(event.topic()) && event.offset() > known.getOrDefault(event.topic(), -1L))
                .toList();
    }
}
