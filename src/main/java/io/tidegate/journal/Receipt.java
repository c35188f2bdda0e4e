package io.tidegate.journal;

import io.tidegate.event.Cursor;
import io.tidegate.event.Event;
import java.util.List;

/**
 * The answer to an {@link Append}, given after the commit.
 *
 * @param events what the drafts became, in their order
 * @param durability what the commit promises
 */
public record Receipt(List<Event> events, Durability durability) {

    public Receipt {
        events = List.copyOf(events);
    }

    /** The position after the last event. */
    public Cursor cursor() {
        return events.get(events.size() - 1).cursor();
    }
}
