package io.tidegate.journal;

import io.tidegate.event.Cursor;
import io.tidegate.event.Event;
import java.util.List;

/**
 * What one read of the journal gave.
 *
 * @param events those that matched, in order
 * @param next where the read stopped looking; the next read starts here, also when nothing matched
 * @param gap whether retention took away something after the position the read began at, before or while it read, so
 *     that the page may miss events of the selection
 * @param more whether the read stopped at its limit before the end it was given; another read from {@code next} goes on
 */
public record Page(List<Event> events, Cursor next, boolean gap, boolean more) {

    public Page {
        events = List.copyOf(events);
    }
}
