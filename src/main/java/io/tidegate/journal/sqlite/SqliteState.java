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
 * What the database says when it is opened.
 *
 * @param recent the newest events, without a hole between them or between them and the head
 */
record SqliteState(
        Cursor head,
        Map<RetentionIndex.Slot, RetainedRange> extents,
        Map<Kind, List<Event>> latest,
        List<Event> recent) {

    private static final Logger LOG = LoggerFactory.getLogger(SqliteState.class);
    private static final String SCHEMA = "2";
    /** The schema before this one, which lacks a table and is otherwise the same. */
    private static final String WITHOUT_CLAIMS = "1";

    private static final String UNSYNCED = "unsynced";
    private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");

    /** Makes the tables where there are none, names the history, and loads what is kept in heap. */
    static SqliteState open(DataFolder folder, JournalOptions options, Optional<Cursor> mark) {
        Path file = folder.database();
        try (SqliteWriter writer = new SqliteWriter(file)) {
            writer.begin(Durability.FSYNC);
            boolean marked = prepare(writer, file);
            Map<RetentionIndex.Slot, RetainedRange> extents = extents(writer);
            long last = last(writer, extents);
            String ended = unsynced(writer, options.unsynced());
            if (ended.isEmpty() && marked) {
                ended = contradicted(writer.meta("epoch").orElseThrow(), last, mark);
            }
            if (!ended.isEmpty()) {
                LOG.warn("event=journal-history-ended file={} last={} reason=\"{}\"", file, last, ended);
                writer.meta("epoch", Journal.newEpoch());
            }
            String epoch = writer.meta("epoch").orElseThrow();
            writer.commit();
            Rows rows = new Rows(epoch);
            return new SqliteState(
                    new Cursor(epoch, last), extents, latest(writer, rows), recent(writer, rows, options, last));
        } catch (SQLException e) {
            String what = Sqlite.damaged(e) ? Sqlite.damageReport(file) : "the journal " + file + " cannot be opened";
            throw Sqlite.failure(what, e);
        }
    }

    /** Says that everything is on the disk. */
    static void closed(DataFolder folder) throws SQLException {
        try (SqliteWriter writer = new SqliteWriter(folder.database())) {
            writer.begin(Durability.FSYNC);
            writer.removeMeta(UNSYNCED);
            writer.commit();
        }
    }

    /** Makes the tables as they have to be; whether a history with a mark was there before. */
    private static boolean prepare(SqliteWriter writer, Path file) throws SQLException {
        boolean marked = !isEmpty(writer);
        if (!marked) {
            createTables(writer);
            writer.meta("schema", SCHEMA);
            writer.meta("epoch", Journal.newEpoch());
        }
        Optional<String> schema = writer.meta("schema");
        if (schema.equals(Optional.of(WITHOUT_CLAIMS))) {
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
        return marked;
    }

    /**
     * A power cut may have undone commits that were not forced to the disk. Their offsets will be given again, so the
     * history that had them has ended: readers must not take their old cursors for positions in this one.
     *
     * @return why the history has ended; empty when it goes on
     */
    private static String unsynced(SqliteWriter writer, boolean unsyncedFromNow) throws SQLException {
        String boot = boot();
        Optional<String> unsynced = writer.meta(UNSYNCED);
        if (unsyncedFromNow) {
            writer.meta(UNSYNCED, boot);
        } else {
            writer.removeMeta(UNSYNCED);
        }
        boolean undone = unsynced.isPresent() && !unsynced.get().equals(boot);
        return undone ? "the machine stopped, and not all commits were forced to the disk" : "";
    }

    /** As with a power cut, when the file does not hold what was acknowledged, or when that cannot be told. */
    private static String contradicted(String epoch, long last, Optional<Cursor> mark) {
        if (mark.isEmpty()) {
            return "journal.head is missing, so that nobody knows what was acknowledged";
        }
        Cursor acknowledged = mark.get();
        boolean held = acknowledged.epoch().equals(epoch) && acknowledged.offset() <= last;
        return held ? "" : acknowledged + " was acknowledged, and the file does not hold it";
    }

    /** Offset of the last event that the database knows of. */
    static long last(SqliteWriter writer, Map<RetentionIndex.Slot, RetainedRange> extents) throws SQLException {
        return Math.max(new RetentionIndex(extents).last(), lastRow(writer));
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

    /** A name for the time since the machine started; where it cannot be told, a new one each time. */
    private static String boot() {
        try {
            return Files.readString(BOOT).strip();
        } catch (IOException elsewhere) {
            return UUID.randomUUID().toString();
        }
    }

    static Map<RetentionIndex.Slot, RetainedRange> extents(SqliteWriter writer) throws SQLException {
        Map<RetentionIndex.Slot, RetainedRange> extents = new HashMap<>();
        try (ResultSet row = writer.prepared(
                        "SELECT kind, topic, events, weight, floor, first, last, last_time FROM extent")
                .executeQuery()) {
            while (row.next()) {
                extents.put(
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
        return extents;
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
