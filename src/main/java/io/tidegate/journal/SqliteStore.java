package io.tidegate.journal;

import io.tidegate.event.Cursor;
import io.tidegate.event.Event;
import io.tidegate.event.Kind;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The transactions of a {@link SqliteJournal}: each changes the database and the {@link Holdings} together, or nothing.
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
    private final Holdings holdings;
    private final LatestStates latest;
    private @Nullable SqliteWriter writer;
    private long ageCheckedAt = Long.MIN_VALUE;

    SqliteStore(Path file, JournalOptions options, Clock clock, Holdings holdings, LatestStates latest) {
        this.file = file;
        this.options = options;
        this.clock = clock;
        this.holdings = holdings;
        this.latest = latest;
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
    record Done(Numbering<SQLException> numbering, LatestStates.Dropped dropped, boolean more) {}

    /** Numbers and commits what follows a position, and takes away some of what is beyond the bounds. */
    Done commit(List<Append> appends, Cursor after) {
        return transaction("the commit failed", options.promise(appends), w -> {
            SqliteClaims claims = claims(w);
            Numbering<SQLException> numbering = Numbering.of(appends, after, clock.instant(), options::promise, claims);
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

    private SqliteClaims claims(SqliteWriter w) {
        return new SqliteClaims(w, options.idempotency(), clock.millis());
    }

    /** Writes something that is no event. */
    void check() {
        transaction("the check failed", Durability.FSYNC, w -> {
            w.meta("checked", Long.toString(clock.millis()));
            return true;
        });
    }

    <T> T transaction(String failure, Durability durability, Work<T> work) {
        try {
            SqliteWriter open = open();
            open.begin(durability);
            T result = work.run(open);
            for (Holdings.Slot slot : holdings.changed()) {
                open.save(slot, holdings.extent(slot));
            }
            open.commit();
            holdings.commit();
            return result;
        } catch (SQLException | RuntimeException e) {
            undo();
            throw Sqlite.failure(failure, e);
        }
    }

    @Override
    public void close() throws SQLException {
        if (writer != null) {
            writer.close();
            writer = null;
        }
    }

    private SqliteWriter open() throws SQLException {
        SqliteWriter open = writer;
        if (open == null) {
            open = new SqliteWriter(file);
            writer = open;
        }
        return open;
    }

    private void undo() {
        holdings.rollback();
        // Closing rolls back, whatever state an I/O error left the connection in. The next transaction opens another.
        try {
            close();
        } catch (SQLException e) {
            LOG.warn("event=journal-connection-not-closed reason={}", e.getMessage());
            writer = null;
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

    private boolean trim(SqliteWriter w, SqliteClaims claims, LatestStates.Dropped dropped, boolean byAge, int rows)
            throws SQLException {
        long now = clock.millis();
        boolean more = claims.trim(byAge, rows);
        for (Kind kind : Kind.values()) {
            Retention keep = options.retention(kind);
            if (Holdings.whole(kind)) {
                more |= evictTopics(w, kind, keep, now, dropped);
            } else if (byAge || holdings.extent(kind).exceeds(keep)) {
                Cut cut = new Cut(holdings.extent(kind), keep, now);
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
            Optional<Holdings.Evicted> gone = holdings.evictDue(kind, keep, now);
            if (gone.isEmpty()) {
                return false;
            }
            w.doom(gone.get());
            dropped.topic(gone.get().slot());
        }
        return true;
    }
}
