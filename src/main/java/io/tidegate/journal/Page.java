package io.tidegate.journal;

import io.tidegate.event.Cursor;
import io.tidegate.event.Event;
import java.util.List;

/**
 * The result of one read of the journal.
 *
 * @param events the matching events, in order
 * @param next the position at which the read stopped and from which the next read continues, even if no events matched
 * @param gap whether events of the selection may be missing after the start position, because retention evicted them
 *     before or during the read, or because the storage has lost or altered them
 * @param more whether the read stopped before the end of its range; if so, a read from {@code next} continues it
 */
public record Page(List<Event> events, Cursor next, boolean gap, boolean more) {

    public Page {
        events = List.copyOf(events);
    }
}
