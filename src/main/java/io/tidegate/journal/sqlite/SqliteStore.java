package io.tidegate.journal.sqlite;

import io.tidegate.event.Cursor;
import io.tidegate.event.Event;
import io.tidegate.event.Kind;
import io.tidegate.journal.Append;
import io.tidegate.journal.Durability;
import io.tidegate.journal.JournalException;
import io.tidegate.journal.history.JournalOptions;
import io.tidegate.journal.history.LatestStates;
import io.tidegate.journal.history.OffsetAssigner;
import io.tidegate.journal.retention.RetainedRange;
import io.tidegate.journal.retention.Retention;
import io.tidegate.journal.retention.RetentionIndex;
import io.tidegate.journal.retention.TrimScan;
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
 * The transactions of a {@link SqliteJournal}: each changes the database and the {@link RetentionIndex} together, or nothing.
 * Owned by the writer thread.
 */
final class SqliteStore implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SqliteStore.class);
    /** How much is deleted along with a commit, beyond two old events for each new one. */
    private static final int ALONG = 64;
    /** How much is deleted by a transaction of its own: some milliseconds, which is what a commit may wait for it. */
    private static final int STEP = 1_000;
    /** The age of events is looked at no more often. */
    private static final long AGE_CHECK_MILLIS = 1_000;
    /** Whole topics that leave with one transaction. */
    private static final int TOPICS = 64;

    private final Path file;
    private final JournalOptions options;
    private final Clock clock;
    private final Disk disk;
    private final RetentionIndex holdings;
    private final LatestStates latest;
    private @Nullable SqliteWriter writer;
    /** Keeps the log and its index when the writer is closed: reopened, they would be read as after a crash. */
    private @Nullable Connection anchor;

    private @Nullable Doubt doubt;
    private @Nullable OffsetAssigner<SQLException> underWay;
    private long ageCheckedAt = Long.MIN_VALUE;

    SqliteStore(
            Path file, JournalOptions options, Clock clock, Disk disk, RetentionIndex holdings, LatestStates latest) {
        this.file = file;
        this.options = options;
        this.clock = clock;
        this.disk = disk;
        this.holdings = holdings;
        this.latest = latest;
    }

    /**
     * A transaction failed. Nothing else is done before it is known what became of it.
     *
     * @param numbering what it was to commit, where it came to that
     * @param begun whether its commit was begun, and may have been done
     * @param diskFailed whether what was written to the disk may be lost there, although the system still shows it
     */
    private record Doubt(Optional<OffsetAssigner<SQLException>> numbering, boolean begun, boolean diskFailed) {}

    /** What has to reach the disk. A type of its own, because no test can make a real disk fail when it wants to. */
    static class Disk {

        /** Commits the transaction under way. When this fails, it may have been done all the same. */
        void commit(SqliteWriter writer) throws SQLException {
            writer.commit();
        }

        /** Moves all of the log into the database, forces that to the disk, and empties the log. */
        void checkpoint(SqliteWriter writer) throws SQLException {
            writer.checkpoint();
        }
    }

    /** What a transaction does before it is committed. */
    interface Work<T> {
        T run(SqliteWriter writer) throws SQLException;
    }

    /**
     * What a commit did.
     *
     * @param dropped what left the latest state
     * @param more whether more has to be taken away
     */
    record Done(OffsetAssigner<SQLException> numbering, LatestStates.Dropped dropped, boolean more) {}

    /** Numbers and commits what follows a position, and takes away some of what is beyond the bounds. */
    Done commit(List<Append> appends, Cursor after) {
        return transaction("the commit failed", options.promise(appends), w -> {
            SqliteIdempotencyStore claims = claims(w);
            OffsetAssigner<SQLException> numbering =
                    OffsetAssigner.of(appends, after, clock.instant(), options::promise, claims);
            underWay = numbering;
            List<Event> events = numbering.events();
            w.insert(events);
            events.forEach(holdings::add);
            LatestStates.Dropped dropped = new LatestStates.Dropped();
            return new Done(numbering, dropped, trim(w, claims, dropped, ageIsDue(), 2 * events.size() + ALONG));
        });
    }

    /**
     * Takes away one step's worth of what is beyond the bounds.
     *
     * @param dropped filled with what leaves the latest state
     * @return whether more has to be taken away
     */
    boolean retain(LatestStates.Dropped dropped) {
        return transaction("retention failed", Durability.PROCESS, w -> trim(w, claims(w), dropped, true, STEP));
    }

    private SqliteIdempotencyStore claims(SqliteWriter w) {
        return new SqliteIdempotencyStore(w, options.idempotency(), clock.millis());
    }

    /** Writes something that is no event. */
    void check() {
        transaction("the journal " + file + " cannot be written", Durability.FSYNC, w -> {
            w.meta("checked", Long.toString(clock.millis()));
            return true;
        });
    }

    <T> T transaction(String failure, Durability durability, Work<T> work) {
        underWay = null;
        boolean begun = false;
        try {
            SqliteWriter open = open();
            open.begin(durability);
            T result = work.run(open);
            for (RetentionIndex.Slot slot : holdings.changed()) {
                open.save(slot, holdings.extent(slot));
            }
            begun = true;
            disk.commit(open);
            holdings.commit();
            return result;
        } catch (SQLException | RuntimeException e) {
            if (!begun) {
                holdings.rollback();
            }
            doubt = new Doubt(Optional.ofNullable(begun ? underWay : null), begun, Sqlite.diskFailed(e));
            closeWriter();
            throw Sqlite.failure(failure, e);
        }
    }

    /**
     * Finds out what became of a transaction that failed, before anything else is done. Once the disk has failed it may
     * go on showing what it lost, so all of the log is first written again, into the database, and forced there.
     *
     * @param head the last event that is known to be committed
     * @return what turned out to be committed although its commit failed; holdings and latest state have it
     * @throws JournalException when it cannot be found out yet
     */
    Optional<OffsetAssigner<SQLException>> settle(Cursor head) {
        Doubt open = doubt;
        if (open == null) {
            return Optional.empty();
        }
        try {
            Optional<OffsetAssigner<SQLException>> committed = settle(open, open(), head);
            doubt = null;
            return committed;
        } catch (SQLException | RuntimeException e) {
            doubt = new Doubt(open.numbering(), open.begun(), open.diskFailed() || Sqlite.diskFailed(e));
            closeWriter();
            throw Sqlite.failure("what became of a commit that failed cannot be found out", e);
        }
    }

    private Optional<OffsetAssigner<SQLException>> settle(Doubt open, SqliteWriter w, Cursor head) throws SQLException {
        if (open.diskFailed()) {
            disk.checkpoint(w);
        }
        Map<RetentionIndex.Slot, RetainedRange> extents = SqliteState.extents(w);
        long last = SqliteState.last(w, extents);
        Optional<OffsetAssigner<SQLException>> committed = open.numbering()
                .filter(n -> last > head.offset() && last == n.head().offset());
        if (committed.isEmpty() && last != head.offset()) {
            throw new SQLException(head + " was acknowledged, and the file ends with " + last);
        }
        if (open.begun()) {
            Cursor position = committed.map(OffsetAssigner::head).orElse(head);
            holdings.replace(extents);
            latest.replace(position, SqliteState.latest(w, new Rows(head.epoch())));
        }
        return committed;
    }

    @Override
    public void close() throws SQLException {
        closeWriter();
        if (anchor != null) {
            anchor.close();
            anchor = null;
        }
    }

    /** Whether everything that was committed is known to be on the disk once the log has been forced to it. */
    boolean settled() {
        return doubt == null;
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

    /** Closing rolls back, whatever state an I/O error left the connection in. The next transaction opens another. */
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

    private boolean ageIsDue() {
        long now = clock.millis();
        boolean due = ageCheckedAt == Long.MIN_VALUE || Math.abs(now - ageCheckedAt) >= AGE_CHECK_MILLIS;
        if (due) {
            ageCheckedAt = now;
        }
        return due;
    }

    private boolean trim(
            SqliteWriter w, SqliteIdempotencyStore claims, LatestStates.Dropped dropped, boolean byAge, int rows)
            throws SQLException {
        long now = clock.millis();
        boolean more = claims.trim(byAge, rows);
        for (Kind kind : Kind.values()) {
            Retention keep = options.retention(kind);
            if (kind.evictedWhole()) {
                more |= evictTopics(w, kind, keep, now, dropped);
            } else if (byAge || holdings.extent(kind).exceeds(keep)) {
                TrimScan cut = new TrimScan(holdings.extent(kind), keep, now);
                w.delete(kind, cut, rows);
                holdings.cut(kind, cut);
                more |= cut.events() == rows;
            }
            List<String> surplus = latest.beyond(kind, keep.keys());
            w.forget(kind, surplus);
            dropped.keys(kind, surplus);
        }
        return w.sweep(rows) || more;
    }

    private boolean evictTopics(SqliteWriter w, Kind kind, Retention keep, long now, LatestStates.Dropped dropped)
            throws SQLException {
        for (int i = 0; i < TOPICS; i++) {
            Optional<RetentionIndex.Evicted> gone = holdings.evictDue(kind, keep, now);
            if (gone.isEmpty()) {
                return false;
            }
            w.doom(gone.get());
            dropped.topic(gone.get().slot());
        }
        return true;
    }
}
