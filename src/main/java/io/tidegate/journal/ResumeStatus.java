package io.tidegate.journal;

import io.tidegate.event.Cursor;
import java.util.Locale;

/** Whether reading on from a cursor is possible without missing anything. */
public enum ResumeStatus {
    /** Everything after the cursor is still here. */
    CONTINUED,
    /** The cursor is of this history, but what followed it is not all here any more, or it lies in the future. */
    GAP,
    /** The cursor is of another history. */
    FRESH;

    public static ResumeStatus of(Cursor cursor, Cursor head, long evictedThrough) {
        if (!cursor.epoch().equals(head.epoch())) {
            return FRESH;
        }
        boolean here = cursor.offset() >= evictedThrough && cursor.offset() <= head.offset();
        return here ? CONTINUED : GAP;
    }

    /** The {@code status} of {@code gateway.resume} and of a page. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
