package io.tidegate.journal;

import io.tidegate.event.Cursor;
import io.tidegate.event.Event;
import java.util.List;

/**
 * The reply to an {@link Append}, sent after the commit.
 *
 * @param events the events created from the drafts that had not been committed before, in order
 * @param cursor the position of the last event of the append, even if that event had been committed before
 * @param count the number of acknowledged drafts, including those committed before
 * @param durability the durability guarantee of the commit
 */
public record Receipt(List<Event> events, Cursor cursor, int count, Durability durability, Status status) {

    /** The outcome of the append. */
    public enum Status {
        /** The append was committed, except for drafts that had been committed before. */
        COMMITTED,
        /** All drafts had been committed before. Nothing was published again. */
        REPEATED,
        /** One of the idempotency keys was used for different content before. Nothing was committed. */
        MISMATCH
    }

    public Receipt {
        events = List.copyOf(events);
    }
}
