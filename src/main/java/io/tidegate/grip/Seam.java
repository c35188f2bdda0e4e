package io.tidegate.grip;

import io.tidegate.event.Cursor;
import io.tidegate.event.Event;
import io.tidegate.event.Topic;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Between the origin's answer and the hold: what was published after the origin was asked, and before its client was held,
 * may be in the answer or not. Where the origin says which item it knew last, what follows that one is told.
 *
 * @param held the position at which the client was held; all behind it is told
 */
record Seam(Cursor held, Map<Topic, String> seen) {

    /** Where a client begins to read that was held at that position, and whose origin was asked at this one. */
    Cursor begin(Cursor asked) {
        return seen.isEmpty() ? held : asked;
    }

    /** Those that the origin did not know. */
    List<Event> unseen(List<Event> events) {
        if (events.isEmpty() || events.get(0).offset() > held.offset()) {
            return events;
        }
        Map<Topic, Long> known = new HashMap<>();
        for (Event event : events) {
            String last = seen.get(event.topic());
            if (last != null
                    && event.offset() <= held.offset()
                    && event.data().isObject()
                    && event.data().scalar("id").filter(last::equals).isPresent()) {
                known.put(event.topic(), event.offset());
            }
        }
        return events.stream()
                .filter(event -> event.offset() > held.offset()
                        || seen.containsKey(event.topic()) && event.offset() > known.getOrDefault(event.topic(), -1L))
                .toList();
    }
}
