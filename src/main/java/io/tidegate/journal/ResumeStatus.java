package io.tidegate.journal;

import io.tidegate.event.Cursor;
import java.util.Locale;

/** Whether a reader can resume from a cursor without missing events. */
public enum ResumeStatus {
    /** All events after the cursor are still retained. */
    CONTINUED,
    /** The cursor belongs to this history, but is beyond the head, or not all events after it are retained. */
    GAP,
    /** The cursor belongs to another history. */
    FRESH;

    public static ResumeStatus of(Cursor cursor, Cursor head, long evictedThrough) {
        if (!cursor.epoch().equals(head.epoch())) {
            return FRESH;
        }
        boolean retained = cursor.offset() >= evictedThrough && cursor.offset() <= head.offset();
        return retained ? CONTINUED : GAP;
    }

    /** Returns the value of {@code status} in the event {@code gateway.resume}, and of {@code resume} in a page. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
