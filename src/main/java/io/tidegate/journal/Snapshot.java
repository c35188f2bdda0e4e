package io.tidegate.journal;

import io.tidegate.event.Cursor;
import io.tidegate.event.Event;
import java.util.List;

/**
 * The latest event for each live key of one kind, in the order in which the keys first appeared.
 *
 * @param cursor the position at which the snapshot is exact; a read that continues from it neither misses nor repeats
 *     an event
 */
public record Snapshot(Cursor cursor, List<Event> events) {

    public Snapshot {
        events = List.copyOf(events);
    }
}
