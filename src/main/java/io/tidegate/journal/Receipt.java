package io.tidegate.journal;

import io.tidegate.event.Cursor;
import io.tidegate.event.Event;
import java.util.List;

/**
 * The answer to an {@link Append}, given after the commit.
 *
 * @param events what became of those drafts that had not been committed before, in their order
 * @param cursor the position after the last event of the append, also when that was committed before
 * @param count how many drafts were acknowledged, now or the first time
 * @param durability what the commit promises
 */
public record Receipt(List<Event> events, Cursor cursor, int count, Durability durability, Status status) {

    /** What became of the append. */
    public enum Status {
        /** It was committed, or what was left of it. */
        COMMITTED,
        /** All of it had been committed before; nothing is delivered again. */
        REPEATED,
        /** One of its claims stands for something else, and nothing of it was committed. */
        MISMATCH
    }

    public Receipt {
        events = List.copyOf(events);
    }
}
