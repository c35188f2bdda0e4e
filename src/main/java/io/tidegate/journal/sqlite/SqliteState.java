package io.tidegate.journal.sqlite;

import io.tidegate.event.Cursor;
import io.tidegate.event.Event;
import io.tidegate.event.Kind;
import io.tidegate.journal.Durability;
import io.tidegate.journal.Journal;
import io.tidegate.journal.history.JournalOptions;
import io.tidegate.journal.retention.RetainedRange;
import io.tidegate.journal.retention.RetentionIndex;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The state that is loaded from the database when the journal is opened.
 *
 * @param head the position of the last committed event
 * @param ranges the retained range of each kind and topic
 * @param latest the latest state of each kind
 * @param recent the newest intact events, with no gap among them or between them and the head
 * @param unsummedThrough the offset up to which event rows may lack checksums
 * @param removed the number of state rows that were removed because they did not match their checksums
 */
record SqliteState(
        Cursor head,
        Map<RetentionIndex.Slot, RetainedRange> ranges,
        Map<Kind, List<Event>> latest,
        List<Event> recent,
        long unsummedThrough,
        int removed) {

    private static final Logger LOG = LoggerFactory.getLogger(SqliteState.class);
    private static final String UNSYNCED = "unsynced";
    private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");

    /**
     * Creates the tables if they do not exist, determines the epoch, and loads the state that is kept in memory.
     *
     * @param headFile the content of the {@link HeadFile}
     */
    static SqliteState open(DataFolder folder, JournalOptions options, Optional<Cursor> headFile) {
        Path file = folder.database();
        try (SqliteWriter writer = new SqliteWriter(file)) {
            writer.begin(Durability.FSYNC);
            boolean hasHeadFile = SqliteSchema.prepare(writer, file);
            long unsummed = SqliteSchema.unsummedThrough(writer.meta(SqliteSchema.UNSUMMED));
            StateRows state = new StateRows(writer);
            List<String> removed = state.repair(new Rows("x", unsummed));
            state.trim(options);
            Map<RetentionIndex.Slot, RetainedRange> ranges = state.ranges();
            long last = last(writer, ranges);
            String endReason = unsyncedLossReason(writer, options.unsynced());
            if (endReason.isEmpty() && hasHeadFile) {
                endReason = acknowledgedLossReason(writer.meta("epoch").orElseThrow(), last, headFile);
            }
            if (!hasHeadFile && headFile.filter(head -> head.offset() > last).isPresent()) {
                endReason = headFile.get() + " was acknowledged, but the file is empty";
            }
            if (endReason.isEmpty() && !removed.isEmpty()) {
                endReason = removed.size() + " rows of the state did not match their checksums and were removed";
            }
            removed.forEach(row -> LOG.error("event=journal-state-damaged row=\"{}\"", row));
            if (!endReason.isEmpty()) {
                LOG.warn("event=journal-history-ended file={} last={} reason=\"{}\"", file, last, endReason);
                writer.meta("epoch", Journal.newEpoch());
            }
            String epoch = writer.meta("epoch").orElseThrow();
            writer.commit();
            return new SqliteState(
                    new Cursor(epoch, last),
                    ranges,
                    state.latest(new Rows(epoch, 0)),
                    recent(writer, new Rows(epoch, unsummed), options, last),
                    unsummed,
                    removed.size());
        } catch (SQLException e) {
            String message =
                    Sqlite.damaged(e) ? Sqlite.damageReport(file) : "the journal " + file + " cannot be opened";
            throw Sqlite.failure(message, e);
        }
    }

    /** Records that all commits have been forced to disk. */
    static void markSynced(DataFolder folder) throws SQLException {
        try (SqliteWriter writer = new SqliteWriter(folder.database())) {
            writer.begin(Durability.FSYNC);
            writer.removeMeta(UNSYNCED);
            writer.commit();
        }
    }

    /**
     * Detects whether commits that had not been forced to disk may have been lost in a power failure. Their offsets
     * would be assigned again, so a new history begins, in which readers' old cursors are not valid.
     *
     * @return the reason why the history has ended; empty if it continues
     */
    private static String unsyncedLossReason(SqliteWriter writer, boolean unsyncedFromNow) throws SQLException {
        String boot = boot();
        Optional<String> unsynced = writer.meta(UNSYNCED);
        if (unsyncedFromNow) {
            writer.meta(UNSYNCED, boot);
        } else {
            writer.removeMeta(UNSYNCED);
        }
        boolean lost = unsynced.isPresent() && !unsynced.get().equals(boot);
        return lost ? "the machine stopped before all commits had been forced to the disk" : "";
    }

    /**
     * Detects whether acknowledged events are missing from the file. The history also ends if this cannot be
     * determined.
     *
     * @return the reason why the history has ended; empty if it continues
     */
    private static String acknowledgedLossReason(String epoch, long last, Optional<Cursor> headFile) {
        if (headFile.isEmpty()) {
            return "journal.head is missing, so the last acknowledged position is unknown";
        }
        Cursor acknowledged = headFile.get();
        boolean contained = acknowledged.epoch().equals(epoch) && acknowledged.offset() <= last;
        return contained ? "" : acknowledged + " was acknowledged, but the file does not contain it";
    }

    /** Returns the offset of the last event recorded in the database. */
    static long last(SqliteWriter writer, Map<RetentionIndex.Slot, RetainedRange> ranges) throws SQLException {
        return Math.max(new RetentionIndex(ranges).last(), lastRow(writer));
    }

    /**
     * Returns an identifier for the machine's current boot. If the system provides none, each call returns a different
     * one.
     */
    private static String boot() {
        try {
            return Files.readString(BOOT).strip();
        } catch (IOException elsewhere) {
            return UUID.randomUUID().toString();
        }
    }

    private static long lastRow(SqliteWriter writer) throws SQLException {
        try (ResultSet row = writer.prepared("SELECT max(offset) FROM event").executeQuery()) {
            return row.next() ? row.getLong(1) : 0;
        }
    }

    private static List<Event> recent(SqliteWriter writer, Rows rows, JournalOptions options, long head)
            throws SQLException {
        Deque<Event> recent = new ArrayDeque<>();
        String newestFirst = "SELECT " + Rows.COLUMNS + " FROM event ORDER BY offset DESC LIMIT ?";
        try (ResultSet row =
                Rows.bind(writer.prepared(newestFirst), options.recentEvents()).executeQuery()) {
            long weight = 0;
            while (row.next() && row.getLong(1) == head - recent.size() && weight < options.recentBytes()) {
                Event event = rows.event(row);
                recent.addFirst(event);
                weight += event.weight();
            }
        } catch (DamagedRow altered) {
            LOG.error("event=journal-damaged offset={}", altered.offset());
        }
        return List.copyOf(recent);
    }
}
