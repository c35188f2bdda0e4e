package io.tidegate.journal.sqlite;

import io.tidegate.event.Cursor;
import io.tidegate.event.Event;
import io.tidegate.event.Kind;
import io.tidegate.journal.Append;
import io.tidegate.journal.Durability;
import io.tidegate.journal.Journal;
import io.tidegate.journal.JournalException;
import io.tidegate.journal.history.JournalOptions;
import io.tidegate.journal.history.LatestStates;
import io.tidegate.journal.history.OffsetAssigner;
import io.tidegate.journal.retention.RetainedRange;
import io.tidegate.journal.retention.RetentionIndex;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the transactions of a {@link SqliteJournal}. Each transaction changes either both the database and the
 * {@link RetentionIndex}, or neither. Owned by the writer thread.
 */
final class SqliteStore implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SqliteStore.class);
    /** The maximum number of rows that a commit deletes in addition to two old events for each new event. */
    private static final int EXTRA_ROWS_PER_COMMIT = 64;
    /**
     * The maximum number of rows that a retention transaction deletes. The deletion takes a few milliseconds, for which
     * a commit may have to wait.
     */
    private static final int ROWS_PER_STEP = 1_000;
    /** The minimum time in milliseconds between two checks of the age of events. */
    private static final long AGE_CHECK_MILLIS = 1_000;

    private final Path file;
    private final JournalOptions options;
    private final Clock clock;
    private final Disk disk;
    private final RetentionIndex retained;
    private final LatestStates latest;
    private @Nullable SqliteWriter writer;
    /**
     * Keeps the write-ahead log and its index in use while the writer is closed. Otherwise SQLite would have to recover
     * them, as after a crash, when the writer is opened again.
     */
    private @Nullable Connection anchor;

    private @Nullable Doubt unresolved;
    private @Nullable OffsetAssigner<SQLException> inProgress;
    private long ageCheckedAt = Long.MIN_VALUE;

    SqliteStore(
            Path file, JournalOptions options, Clock clock, Disk disk, RetentionIndex retained, LatestStates latest) {
        this.file = file;
        this.options = options;
        this.clock = clock;
        this.disk = disk;
        this.retained = retained;
        this.latest = latest;
    }

    /**
     * A failed transaction. No other transaction begins until its outcome is known.
     *
     * @param assigned the events and receipts of the transaction, if its commit had begun
     * @param begun whether the commit had begun and may have succeeded
     * @param diskFailed whether data that was written may be missing on disk, although the operating system still shows
     *     it
     */
    private record Doubt(Optional<OffsetAssigner<SQLException>> assigned, boolean begun, boolean diskFailed) {}

    /**
     * The outcome of a failed transaction.
     *
     * @param committed the events and receipts of the transaction, if it was committed even though its commit
     *     reported a failure
     * @param begun the position at which a new epoch begins, if the disk failed
     */
    record Outcome(Optional<OffsetAssigner<SQLException>> committed, Optional<Cursor> begun) {}

    /** The work that a transaction does before its commit. */
    interface Work<T> {
        T run(SqliteWriter writer) throws SQLException;
    }

    /**
     * The result of a commit.
     *
     * @param assigned the events and receipts of the commit
     * @param dropped the topics and keys that were removed from the latest state
     * @param moreToRemove whether retention has more to remove
     */
    record Done(OffsetAssigner<SQLException> assigned, LatestStates.Dropped dropped, boolean moreToRemove) {}

    /**
     * Assigns offsets after a position, commits the events, and removes some of the events that exceed the retention
     * limits.
     */
    Done commit(List<Append> appends, Cursor after) {
        return transaction("the commit failed", options.guarantee(appends), w -> {
            OffsetAssigner<SQLException> assigned = OffsetAssigner.of(
                    appends,
                    after,
                    clock.instant(),
                    options::guarantee,
                    new SqliteIdempotencyStore(w, options.idempotency(), clock.millis()));
            inProgress = assigned;
            List<Event> events = assigned.events();
            w.insert(events);
            events.forEach(retained::add);
            LatestStates.Dropped dropped = new LatestStates.Dropped();
            int rows = 2 * events.size() + EXTRA_ROWS_PER_COMMIT;
            return new Done(assigned, dropped, step(w, dropped).run(events, ageCheckDue(), rows));
        });
    }

    /**
     * Removes events that exceed the retention limits, up to the maximum number for one step.
     *
     * @param dropped collects the topics and keys that are removed from the latest state
     * @return whether there is more to remove
     */
    boolean retain(LatestStates.Dropped dropped) {
        return transaction(
                "retention failed", Durability.PROCESS, w -> step(w, dropped).run(List.of(), true, ROWS_PER_STEP));
    }

    private RetentionStep step(SqliteWriter w, LatestStates.Dropped dropped) {
        return new RetentionStep(w, retained, latest, options, clock.millis(), dropped);
    }

    /** Checks that the journal can write, by writing a row that is not an event. */
    void check() {
        transaction("the journal " + file + " cannot be written", Durability.FSYNC, w -> {
            w.meta("checked", Long.toString(clock.millis()));
            return true;
        });
    }

    <T> T transaction(String failure, Durability durability, Work<T> work) {
        inProgress = null;
        boolean begun = false;
        try {
            SqliteWriter open = open();
            open.begin(durability);
            T result = work.run(open);
            for (RetentionIndex.Slot slot : retained.changed()) {
                open.save(slot, retained.range(slot));
            }
            begun = true;
            disk.commit(open);
            retained.commit();
            return result;
        } catch (SQLException | RuntimeException e) {
            if (!begun) {
                retained.rollback();
            }
            unresolved = new Doubt(Optional.ofNullable(begun ? inProgress : null), begun, Sqlite.diskFailed(e));
            closeWriter();
            throw Sqlite.failure(failure, e);
        }
    }

    /**
     * Determines the outcome of a failed transaction, if there was one. This must happen before the next transaction.
     * After a disk failure, the operating system may still show data that is lost on disk, so the whole write-ahead log
     * is first copied into the database and forced to disk.
     *
     * <p>Data that an earlier commit wrote without forcing it, and even data that the disk has reported as forced, may be
     * lost as well. Therefore a failure of the disk ends the history: what the file contains begins a new epoch.
     *
     * @param head the position of the last event that is known to be committed
     * @return the outcome; the retention index and the latest state already include it
     * @throws JournalException if the outcome cannot be determined yet
     */
    Outcome settle(Cursor head) {
        Doubt open = unresolved;
        if (open == null) {
            return new Outcome(Optional.empty(), Optional.empty());
        }
        try {
            Outcome outcome = open.diskFailed()
                    ? new Outcome(Optional.empty(), Optional.of(beginEpoch(open())))
                    : new Outcome(settle(open, open(), head), Optional.empty());
            unresolved = null;
            return outcome;
        } catch (SQLException | RuntimeException e) {
            unresolved = new Doubt(open.assigned(), open.begun(), open.diskFailed() || Sqlite.diskFailed(e));
            closeWriter();
            throw Sqlite.failure("the outcome of a failed commit cannot be determined", e);
        }
    }

    private Optional<OffsetAssigner<SQLException>> settle(Doubt open, SqliteWriter w, Cursor head) throws SQLException {
        StateRows state = new StateRows(w);
        Map<RetentionIndex.Slot, RetainedRange> ranges = state.ranges();
        long last = SqliteState.last(w, ranges);
        Optional<OffsetAssigner<SQLException>> committed = open.assigned()
                .filter(n -> last > head.offset() && last == n.head().offset());
        if (committed.isEmpty() && last != head.offset()) {
            throw new SQLException(head + " was acknowledged, but the file ends at offset " + last);
        }
        if (open.begun()) {
            Cursor position = committed.map(OffsetAssigner::head).orElse(head);
            retained.replace(ranges);
            latest.replace(position, state.latest(new Rows(head.epoch(), 0)));
        }
        return committed;
    }

    /** Begins a new epoch after the last event that the file contains once it has been forced to the disk. */
    private Cursor beginEpoch(SqliteWriter w) throws SQLException {
        disk.checkpoint(w);
        StateRows state = new StateRows(w);
        Map<RetentionIndex.Slot, RetainedRange> ranges = state.ranges();
        Cursor begin = new Cursor(Journal.newEpoch(), SqliteState.last(w, ranges));
        Map<Kind, List<Event>> members = state.latest(new Rows(begin.epoch(), 0));
        w.begin(Durability.FSYNC);
        w.meta("epoch", begin.epoch());
        disk.commit(w);
        retained.replace(ranges);
        latest.replace(begin, members);
        LOG.error("event=journal-history-ended file={} last={} reason=\"the disk failed\"", file, begin.offset());
        return begin;
    }

    @Override
    public void close() throws SQLException {
        closeWriter();
        if (anchor != null) {
            anchor.close();
            anchor = null;
        }
    }

    /**
     * Returns whether the outcome of every transaction is known. If so, all commits are on disk once the write-ahead
     * log has been forced to disk.
     */
    boolean settled() {
        return unresolved == null;
    }

    private SqliteWriter open() throws SQLException {
        SqliteWriter open = writer;
        if (open == null) {
            anchor = anchor == null ? Sqlite.anchor(file) : anchor;
            open = new SqliteWriter(file);
            writer = open;
        }
        return open;
    }

    /**
     * Closes the writer, which rolls back the transaction even if an I/O error has made the connection unusable. The
     * next transaction opens a new connection.
     */
    private void closeWriter() {
        SqliteWriter closing = writer;
        writer = null;
        try {
            if (closing != null) {
                closing.close();
            }
        } catch (SQLException e) {
            LOG.warn("event=journal-connection-not-closed reason={}", e.getMessage());
        }
    }

    private boolean ageCheckDue() {
        long now = clock.millis();
        boolean due = ageCheckedAt == Long.MIN_VALUE || Math.abs(now - ageCheckedAt) >= AGE_CHECK_MILLIS;
        if (due) {
            ageCheckedAt = now;
        }
        return due;
    }
}
