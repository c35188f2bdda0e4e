package io.tidegate.journal;

import io.tidegate.event.Cursor;
import io.tidegate.event.Event;
import io.tidegate.event.Kind;
import io.tidegate.event.Selection;
import io.vertx.core.Future;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The ordered, bounded history of one node (or, where the store is shared, of several) and the latest event per key.
 *
 * <p>{@link #commit} has one caller, the writer, which never overlaps two calls. Everything else may be
 * called from any thread. What a read returns was committed before; an event is readable no later than its commit's
 * future completes. Futures complete on a thread of the journal's choosing, or are complete when returned.
 */
public interface Journal {

    /**
     * Commits all appends in one transaction or none, and numbers their events without a hole.
     *
     * @return one receipt per append, in order; fails with {@link JournalException}
     */
    Future<List<Receipt>> commit(List<Append> appends);

    /** The position of the last committed event. */
    Cursor head();

    /** Where a reader that comes back with this cursor stands. */
    ResumeStatus resumeStatus(Cursor cursor, Selection selection);

    /** The oldest position from which the selection can be read without a gap. */
    Cursor oldest(Selection selection);

    /**
     * Reads what follows a position of this history.
     *
     * @param after exclusive
     * @param through inclusive offset, at most that of {@link #head()}
     * @param limit how many events at most, and at least one; the page may hold fewer: it never weighs more than about 1
     *     MiB, and a read looks at {@value #SCAN} events at most
     */
    Future<Page> read(Cursor after, long through, Selection selection, int limit);

    /**
     * The last events of the selection, in order; the page's {@code next} is the head, it never tells of a gap, and
     * {@code more} says that the read gave up looking for older ones after {@value #SCAN} events.
     */
    Future<Page> readLast(Selection selection, int limit);

    /** The latest state of one kind, at or after the state any earlier acknowledgement spoke of. */
    Snapshot latest(Kind kind);

    /** The latest event of one live key; as fresh as {@link #latest(Kind)}. */
    Optional<Event> latest(Kind kind, String key);

    /**
     * Takes away what is beyond the bounds of retention by now. Commits do this for themselves; a journal that is quiet
     * needs somebody to ask, once a minute or so. Completes when nothing is left to take away.
     */
    Future<Void> retain();

    /**
     * Proves that the journal can write, without an event: fails with {@link JournalException} when it cannot. Cheap
     * enough for every probe of readiness.
     */
    Future<Void> check();

    /** Commits nothing more and lets go of the storage. */
    Future<Void> close();

    /** The first event of this history has the next offset. */
    default Cursor beginning() {
        return head().at(0);
    }

    /**
     * The position a client means: a printed cursor, or the word {@code oldest} for everything that is still kept.
     *
     * @throws io.tidegate.problem.ProblemException {@code invalid-cursor}
     */
    default Cursor position(String text, Selection selection) {
        return text.equals("oldest") ? oldest(selection) : Cursor.parse(text);
    }

    /** A name for a history that begins now: 10 letters and digits. */
    static String newEpoch() {
        return new SecureRandom()
                .ints(10, 0, 36)
                .mapToObj(i -> Integer.toString(i, 36))
                .collect(Collectors.joining());
    }

    /** How much a page of events may weigh before a read stops, in {@link Event#weight()}. */
    int PAGE_WEIGHT = 1 << 20;

    /** How many events one read looks at, so that a selection that hardly ever matches holds up nobody. */
    int SCAN = 10_000;
}
