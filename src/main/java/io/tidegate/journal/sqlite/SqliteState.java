package io.tidegate.journal.sqlite;

import io.tidegate.event.Cursor;
import io.tidegate.event.Event;
import io.tidegate.event.Kind;
import io.tidegate.journal.Durability;
import io.tidegate.journal.Journal;
import io.tidegate.journal.JournalException;
import io.tidegate.journal.history.JournalOptions;
import io.tidegate.journal.retention.RetainedRange;
import io.tidegate.journal.retention.RetentionIndex;
import io.tidegate.problem.Code;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The state that is loaded from the database when it is opened.
 *
 * @param head the position of the last committed event
 * @param ranges the retained range of each kind and topic
 * @param latest the latest state of each kind
 * @param recent the newest events, without a gap between them or before the head
 */
record SqliteState(
        Cursor head,
        Map<RetentionIndex.Slot, RetainedRange> ranges,
        Map<Kind, List<Event>> latest,
        List<Event> recent) {

    private static final Logger LOG = LoggerFactory.getLogger(SqliteState.class);
    private static final String SCHEMA = "2";
    /** The previous schema, which lacks the table of idempotency keys and is otherwise the same. */
    private static final String SCHEMA_WITHOUT_KEYS = "1";

    private static final String UNSYNCED = "unsynced";
    private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");

    /**
     * Creates the tables if there are none, determines the epoch, and loads the state that is kept in memory.
     *
     * @param headFile the content of the {@link HeadFile}
     */
    static SqliteState open(DataFolder folder, JournalOptions options, Optional<Cursor> headFile) {
        Path file = folder.database();
        try (SqliteWriter writer = new SqliteWriter(file)) {
            writer.begin(Durability.FSYNC);
            boolean hasHeadFile = prepare(writer, file);
            Map<RetentionIndex.Slot, RetainedRange> ranges = ranges(writer);
            long last = last(writer, ranges);
            String endReason = unsyncedLossReason(writer, options.unsynced());
            if (endReason.isEmpty() && hasHeadFile) {
                endReason = acknowledgedLossReason(writer.meta("epoch").orElseThrow(), last, headFile);
            }
            if (!endReason.isEmpty()) {
                LOG.warn("event=journal-history-ended file={} last={} reason=\"{}\"", file, last, endReason);
                writer.meta("epoch", Journal.newEpoch());
            }
            String epoch = writer.meta("epoch").orElseThrow();
            writer.commit();
            Rows rows = new Rows(epoch);
            return new SqliteState(
                    new Cursor(epoch, last), ranges, latest(writer, rows), recent(writer, rows, options, last));
        } catch (SQLException e) {
            String message =
                    Sqlite.damaged(e) ? Sqlite.damageReport(file) : "the journal " + file + " cannot be opened";
            throw Sqlite.failure(message, e);
        }
    }

    /** Records that all commits have been forced to the disk. */
    static void markSynced(DataFolder folder) throws SQLException {
        try (SqliteWriter writer = new SqliteWriter(folder.database())) {
            writer.begin(Durability.FSYNC);
            writer.removeMeta(UNSYNCED);
            writer.commit();
        }
    }

    /**
     * Creates or migrates the tables. Returns whether the database already belonged to a history with a
     * {@link HeadFile}.
     */
    private static boolean prepare(SqliteWriter writer, Path file) throws SQLException {
        boolean hasHeadFile = !isEmpty(writer);
        if (!hasHeadFile) {
            createTables(writer);
            writer.meta("schema", SCHEMA);
            writer.meta("epoch", Journal.newEpoch());
        }
        Optional<String> schema = writer.meta("schema");
        if (schema.equals(Optional.of(SCHEMA_WITHOUT_KEYS))) {
            createTables(writer);
            writer.meta("schema", SCHEMA);
            return false;
        }
        if (!schema.equals(Optional.of(SCHEMA))) {
            throw new JournalException(
                    Code.STORAGE_UNAVAILABLE,
                    "the journal " + file + " has schema " + schema.orElse("unknown") + ", this version reads "
                            + SCHEMA);
        }
        return hasHeadFile;
    }

    /**
     * Detects that a power failure may have lost commits that had not been forced to the disk. Their offsets will be
     * assigned again, so a new history begins, in which the old cursors of readers are not valid.
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
     * Detects that the file lacks acknowledged events. The history also ends if this cannot be determined.
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

    /** Returns the offset of the last event that the database has recorded. */
    static long last(SqliteWriter writer, Map<RetentionIndex.Slot, RetainedRange> ranges) throws SQLException {
        return Math.max(new RetentionIndex(ranges).last(), lastRow(writer));
    }

    private static void createTables(SqliteWriter writer) throws SQLException {
        try (Statement statement = writer.connection().createStatement()) {
            Sqlite.createTables(statement);
        }
    }

    private static boolean isEmpty(SqliteWriter writer) throws SQLException {
        try (ResultSet row =
                writer.prepared("SELECT count(*) FROM sqlite_master").executeQuery()) {
            return row.next() && row.getLong(1) == 0;
        }
    }

    /**
     * Returns an identifier of the current boot of the machine; a different one for each call if the system provides
     * none.
     */
    private static String boot() {
        try {
            return Files.readString(BOOT).strip();
        } catch (IOException elsewhere) {
            return UUID.randomUUID().toString();
        }
    }

    static Map<RetentionIndex.Slot, RetainedRange> ranges(SqliteWriter writer) throws SQLException {
        Map<RetentionIndex.Slot, RetainedRange> ranges = new HashMap<>();
        try (ResultSet row = writer.prepared(
                        "SELECT kind, topic, events, weight, floor, first, last, last_time FROM extent")
                .executeQuery()) {
            while (row.next()) {
                ranges.put(
                        new RetentionIndex.Slot(Rows.kind(row.getString(1)), row.getString(2)),
                        new RetainedRange(
                                row.getLong(3),
                                row.getLong(4),
                                row.getLong(5),
                                row.getLong(6),
                                row.getLong(7),
                                row.getLong(8)));
            }
        }
        return ranges;
    }

    private static long lastRow(SqliteWriter writer) throws SQLException {
        try (ResultSet row = writer.prepared("SELECT max(offset) FROM event").executeQuery()) {
            return row.next() ? row.getLong(1) : 0;
        }
    }

    static Map<Kind, List<Event>> latest(SqliteWriter writer, Rows rows) throws SQLException {
        Map<Kind, List<Event>> latest = new EnumMap<>(Kind.class);
        try (ResultSet row = writer.prepared("SELECT " + Rows.COLUMNS + " FROM latest ORDER BY first")
                .executeQuery()) {
            while (row.next()) {
                Event event = rows.event(row);
                latest.computeIfAbsent(event.kind(), kind -> new ArrayList<>()).add(event);
            }
        }
        return latest;
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
        }
        return List.copyOf(recent);
    }
}
