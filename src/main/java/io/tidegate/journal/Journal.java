package io.tidegate.journal;

import io.tidegate.event.Cursor;
import io.tidegate.event.Event;
import io.tidegate.event.Kind;
import io.tidegate.event.Selection;
import io.tidegate.problem.ProblemException;
import io.vertx.core.Future;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The ordered, bounded event history of a node (or of several nodes that share a store), and the latest event for each
 * key.
 *
 * <p>{@link #commit} is called only by the writer, which never makes overlapping calls. All other methods may be called
 * from any thread. Reads return only committed events, and an event is readable by the time the future of its commit
 * completes. Futures complete on a thread chosen by the journal, or are already complete when returned.
 */
public interface Journal {

    /**
     * Commits either all appends, in one transaction, or none of them, and assigns consecutive offsets to their events.
     *
     * @return a future with one receipt for each append, in order; it fails with {@link JournalException} if nothing
     *     was committed or the outcome is unknown
     */
    Future<List<Receipt>> commit(List<Append> appends);

    /** Returns the position of the last committed event. */
    Cursor head();

    /** Returns whether a reader of the selection can resume from a cursor without missing events. */
    ResumeStatus resumeStatus(Cursor cursor, Selection selection);

    /** Returns the oldest position from which the selection can be read without a gap. */
    Cursor oldest(Selection selection);

    /**
     * Reads the events of the selection after a position in this history.
     *
     * @param after the position before the first event to read
     * @param through the last offset to read; at most the offset of {@link #head()}
     * @param limit the maximum number of events, at least one; the page may have fewer, because its weight is limited
     *     to about 1 MiB and a read examines at most {@value #SCAN} events
     */
    Future<Page> read(Cursor after, long through, Selection selection, int limit);

    /**
     * Reads the last events of the selection. In the page, the events are in order, {@code next} is the head and
     * {@code gap} is always false; {@code more} is true if the search for older events stopped after {@value #SCAN}
     * events.
     */
    Future<Page> readLast(Selection selection, int limit);

    /** Returns the latest state of a kind. The state includes every acknowledged commit. */
    Snapshot latest(Kind kind);

    /** Returns the latest event for a live key. The result is as up to date as that of {@link #latest(Kind)}. */
    Optional<Event> latest(Kind kind, String key);

    /**
     * Removes all events that exceed the retention limits. Commits also do this, but while no events are published,
     * this method must be called about once a minute.
     *
     * @return a future that completes when nothing is left to remove
     */
    Future<Void> retain();

    /**
     * Checks that the journal can write, without appending an event. This is cheap enough to be part of every readiness
     * probe.
     *
     * @return a future that fails with {@link JournalException} if the journal cannot write
     */
    Future<Void> check();

    /**
     * Returns a description, for operators, of data that the storage has lost or altered; empty if no damage is known.
     */
    default Optional<String> damage() {
        return Optional.empty();
    }

    /** Closes the journal: refuses further commits and releases the storage. */
    Future<Void> close();

    /** Returns the position before the first event of this history. */
    default Cursor beginning() {
        return head().at(0);
    }

    /**
     * Parses a position that a client has sent: either a cursor, or the word {@code oldest} for {@link #oldest}.
     *
     * @throws ProblemException with the code {@code invalid-cursor} if the text is not a cursor
     */
    default Cursor position(String text, Selection selection) {
        return text.equals("oldest") ? oldest(selection) : Cursor.parse(text);
    }

    /** Returns a random name for a new history, which consists of 10 letters and digits. */
    static String newEpoch() {
        return new SecureRandom()
                .ints(10, 0, 36)
                .mapToObj(i -> Integer.toString(i, 36))
                .collect(Collectors.joining());
    }

    /** A page is full once the total {@link Event#weight()} of its events reaches this value. */
    int PAGE_WEIGHT = 1 << 20;

    /**
     * The maximum number of events that one read examines, so that a selection that rarely matches does not delay other
     * readers.
     */
    int SCAN = 10_000;
}
