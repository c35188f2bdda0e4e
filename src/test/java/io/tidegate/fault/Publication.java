package io.tidegate.fault;

import io.tidegate.event.Cursor;
import java.util.Optional;

/**
 * One event that a publisher meant to publish, and what it was told.
 *
 * @param value unique in a run: the publisher in the upper half, its running number in the lower
 * @param cursor where it is, when it was acknowledged
 */
record Publication(long value, Outcome outcome, Optional<Cursor> cursor) {

    /** What a publisher knows of an event. */
    enum Outcome {
        /** It has a cursor; whoever reads past that has to see it. */
        ACKNOWLEDGED,
        /** It is not there and never will be. */
        REFUSED,
        /** No answer came: it may be there, once. */
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
