package io.tidegate.fault;

import io.tidegate.event.Cursor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What one reader saw, over all its connections. Written by the thread that reads; checked once that is done. */
final class ReaderLog {

    /** One thing a reader saw, in the order in which it did. */
    sealed interface Step {
        /** An event. */
        record Seen(Cursor cursor, long value) implements Step {}

        /** The gateway said that what lies between may be missing. */
        record Announced(Cursor from, Cursor to) implements Step {}
    }

    private final List<Step> steps = new ArrayList<>();
    private Optional<Cursor> start = Optional.empty();
    private Optional<Cursor> end = Optional.empty();

    /** Everything after this cursor is to be seen; only the first call counts. */
    ReaderLog began(Cursor cursor) {
        start = start.or(() -> Optional.of(cursor));
        return this;
    }

    ReaderLog seen(Cursor cursor, long value) {
        steps.add(new Step.Seen(cursor, value));
        return this;
    }

    ReaderLog announced(Cursor from, Cursor to) {
        steps.add(new Step.Announced(from, to));
        return this;
    }

    /** It left of its own will; nothing after this cursor is to be seen. */
    ReaderLog left(Cursor cursor) {
        end = Optional.of(cursor);
        return this;
    }

    List<Step> steps() {
        return steps;
    }

    Optional<Cursor> start() {
        return start;
    }

    Optional<Cursor> end() {
        return end;
    }
}
