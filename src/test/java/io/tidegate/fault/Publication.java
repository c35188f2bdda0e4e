package io.tidegate.fault;

import io.tidegate.event.Cursor;
import java.util.Optional;

/**
 * One event that a publisher sent, and its outcome.
 *
 * @param value a number that is unique in a run: the upper 32 bits identify the publisher, the lower ones are its
 *     sequence number
 * @param cursor the cursor of the event, if it was acknowledged
 */
record Publication(long value, Outcome outcome, Optional<Cursor> cursor) {

    /** The outcome of an event as the publisher knows it. */
    enum Outcome {
        /** The event has a cursor. Every reader that reads past the cursor must see the event. */
        ACKNOWLEDGED,
        /** The event was not published and never will be. */
        REFUSED,
        /** There was no response: the event was published once or not at all. */
        UNKNOWN
    }

    static Publication acknowledged(long value, Cursor cursor) {
        return new Publication(value, Outcome.ACKNOWLEDGED, Optional.of(cursor));
    }

    static Publication refused(long value) {
        return new Publication(value, Outcome.REFUSED, Optional.empty());
    }

    static Publication unknown(long value) {
        return new Publication(value, Outcome.UNKNOWN, Optional.empty());
    }

    static long value(int publisher, int number) {
        return (long) publisher << 32 | number;
    }

    static int publisher(long value) {
        return (int) (value >> 32);
    }

    static int number(long value) {
        return (int) value;
    }
}
