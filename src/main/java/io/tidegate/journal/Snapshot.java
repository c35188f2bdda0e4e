package io.tidegate.journal;

import io.tidegate.event.Cursor;
import io.tidegate.event.Event;
import java.util.List;

/**
 * The latest event of each live key of one kind, in the order in which the keys first appeared.
 *
 * @param cursor the position the list is true at; reading on from here misses nothing and repeats nothing
 */
public record Snapshot(Cursor cursor, List<Event> events) {

    public Snapshot {
        events = List.copyOf(events);
    }
}
