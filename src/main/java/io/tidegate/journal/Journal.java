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
 * The ordered, bounded history of a node (or of several nodes that share a store) and the latest event of each key.
 *
 * <p>{@link #commit} is called only by the writer, which never overlaps two calls. All other methods may be called from
 * any thread. A read returns committed events only, and an event is readable at the latest when the future of its
 * commit completes. Futures complete on a thread chosen by the journal, or are already complete when returned.
 */
public interface Journal {

    /**
     * Commits all appends in one transaction or none of them, and assigns consecutive offsets to their events.
     *
     * @return one receipt for each append, in order; the future fails with {@link JournalException}
     */
    Future<List<Receipt>> commit(List<Append> appends);

    /** Returns the position of the last committed event. */
    Cursor head();

    /** Returns whether a reader of the selection can resume from a cursor without missing events. */
    ResumeStatus resumeStatus(Cursor cursor, Selection selection);

    /** Returns the oldest position from which the selection can be read without a gap. */
    Cursor oldest(Selection selection);

    /**
     * Reads the events of the selection after a position of this history.
     *
     * @param after the position after which the read begins, exclusive
     * @param through the last offset to read, inclusive; at most the offset of {@link #head()}
     * @param limit the maximum number of events, at least one. The page may have fewer, because its weight is limited
     *     to about 1 MiB and a read examines at most {@value #SCAN} events
     */
    Future<Page> read(Cursor after, long through, Selection selection, int limit);

    /**
     * Reads the last events of the selection. The page has them in order, its {@code next} is the head and its
     * {@code gap} is always false. {@code more} is true if the read stopped searching for older events after
     * {@value #SCAN} events.
     */
    Future<Page> readLast(Selection selection, int limit);

    /** Returns the latest state of a kind. It is never older than any commit that has been acknowledged. */
    Snapshot latest(Kind kind);

    /** Returns the latest event of a live key. It is as recent as {@link #latest(Kind)}. */
    Optional<Event> latest(Kind kind, String key);

    /**
     * Removes all events that exceed the retention limits. Commits do this as well, but while no events are published,
     * this method must be called about once a minute.
     *
     * @return a future that completes when nothing is left to remove
     */
    Future<Void> retain();

    /**
     * Checks that the journal can write, without appending an event. It is cheap enough for every readiness probe.
     *
     * @return a future that fails with {@link JournalException} if the journal cannot write
     */
    Future<Void> check();

    /** Describes data that the storage has lost or altered, for an operator; empty if nothing is known to be. */
    default Optional<String> damage() {
        return Optional.empty();
    }

    /** Refuses further commits and releases the storage. */
    Future<Void> close();

    /** Returns the position before the first event of this history. */
    default Cursor beginning() {
        return head().at(0);
    }

    /**
     * Parses a position given by a client: a cursor, or the word {@code oldest} for {@link #oldest}.
     *
     * @throws ProblemException with the code {@code invalid-cursor} if the text is not a cursor
     */
    default Cursor position(String text, Selection selection) {
        return text.equals("oldest") ? oldest(selection) : Cursor.parse(text);
    }

    /** Returns a random name for a new history: 10 letters and digits. */
    static String newEpoch() {
        return new SecureRandom()
                .ints(10, 0, 36)
                .mapToObj(i -> Integer.toString(i, 36))
                .collect(Collectors.joining());
    }

    /** The total {@link Event#weight()} of events at which a page is full. */
    int PAGE_WEIGHT = 1 << 20;

    /**
     * The maximum number of events that one read examines, so that a selection that rarely matches does not delay other
     * readers.
     */
    int SCAN = 10_000;
}
