package io.tidegate.fault;

import io.tidegate.event.Cursor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The events that one reader saw over all its connections. Written by the reading thread, and checked after that thread
 * has ended. Thousands of readers see thousands of events each, so an event is stored as two numbers in two arrays.
 */
final class ReaderLog {

    private static final int FIRST_LENGTH = 64;

    /** The gateway announced that events between the two cursors may be missing. */
    record Announced(Cursor from, Cursor to) {}

    /** Receives the events and gaps that a reader saw, in that order. */
    interface Visitor {

        void seen(String epoch, long offset, long value);

        void announced(Announced gap);
    }

    /** A change of epoch before the event with this index. */
    private record Turn(int before, String epoch) {}

    private record Gap(int before, Announced announced) {}

    private long[] offsets = new long[FIRST_LENGTH];
    private long[] values = new long[FIRST_LENGTH];
    private int events;
    private final List<Turn> turns = new ArrayList<>(1);
    private final List<Gap> gaps = new ArrayList<>(0);
    private Optional<Cursor> start = Optional.empty();
    private Optional<Cursor> end = Optional.empty();

    /** Sets the cursor after which all events must be seen. Only the first call counts. */
    ReaderLog began(Cursor cursor) {
        start = start.or(() -> Optional.of(cursor));
        return this;
    }

    ReaderLog seen(Cursor cursor, long value) {
        if (turns.isEmpty() || !turns.get(turns.size() - 1).epoch().equals(cursor.epoch())) {
            turns.add(new Turn(events, cursor.epoch()));
        }
        if (events == values.length) {
            offsets = Arrays.copyOf(offsets, 2 * events);
            values = Arrays.copyOf(values, 2 * events);
        }
        offsets[events] = cursor.offset();
        values[events] = value;
        events++;
        return this;
    }

    ReaderLog announced(Cursor from, Cursor to) {
        gaps.add(new Gap(events, new Announced(from, to)));
        return this;
    }

    /** Records that the reader left. No event after this cursor is expected. */
    ReaderLog left(Cursor cursor) {
        end = Optional.of(cursor);
        return this;
    }

    void replay(Visitor visitor) {
        int turn = 0;
        int gap = 0;
        String epoch = "";
        for (int event = 0; event < events; event++) {
            for (; gap < gaps.size() && gaps.get(gap).before() == event; gap++) {
                visitor.announced(gaps.get(gap).announced());
            }
            if (turn < turns.size() && turns.get(turn).before() == event) {
                epoch = turns.get(turn).epoch();
                turn++;
            }
            visitor.seen(epoch, offsets[event], values[event]);
        }
        for (; gap < gaps.size(); gap++) {
            visitor.announced(gaps.get(gap).announced());
        }
    }

    Optional<Cursor> start() {
        return start;
    }

    Optional<Cursor> end() {
        return end;
    }
}
