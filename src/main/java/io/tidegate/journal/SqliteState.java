package io.tidegate.journal;

import io.tidegate.event.Cursor;
import io.tidegate.event.Event;
import io.tidegate.event.Kind;
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

/**
 * What the database says when it is opened.
 *
 * @param recent the newest events, without a hole between them or between them and the head
 */
record SqliteState(Cursor head, Map<Holdings.Slot, Extent> extents, Map<Kind, List<Event>> latest, List<Event> recent) {

    private static final String SCHEMA = "2";
    /** The schema before this one, which lacks a table and is otherwise the same. */
    private static final String WITHOUT_CLAIMS = "1";

    private static final String UNSYNCED = "unsynced";
    private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");

    /** Makes the tables where there are none, names the history, and loads what is kept in heap. */
    static SqliteState open(DataFolder folder, JournalOptions options) {
        Path file = folder.database();
        try (SqliteWriter writer = new SqliteWriter(file)) {
            writer.begin(Durability.FSYNC);
            String epoch = epoch(writer, file, options.unsynced());
            writer.commit();
            Map<Holdings.Slot, Extent> extents = extents(writer);
            long last = Math.max(new Holdings(extents).last(), lastRow(writer));
            Rows rows = new Rows(epoch);
            return new SqliteState(
                    new Cursor(epoch, last), extents, latest(writer, rows), recent(writer, rows, options, last));
        } catch (SQLException e) {
            String what = Sqlite.damaged(e)
                    ? "the journal " + file + " is damaged; move it away to begin a new history, or restore a copy"
                    : "the journal " + file + " cannot be opened";
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

    private static String epoch(SqliteWriter writer, Path file, boolean unsyncedFromNow) throws SQLException {
        if (isEmpty(writer)) {
            createTables(writer);
            writer.meta("schema", SCHEMA);
            writer.meta("epoch", Journal.newEpoch());
        }
        Optional<String> schema = writer.meta("schema");
        if (schema.equals(Optional.of(WITHOUT_CLAIMS))) {
            createTables(writer);
            writer.meta("schema", SCHEMA);
            schema = Optional.of(SCHEMA);
        }
        if (!schema.equals(Optional.of(SCHEMA))) {
            throw new JournalException(
                    Code.STORAGE_UNAVAILABLE,
                    "the journal " + file + " has schema " + schema.orElse("unknown") + ", this version reads "
                            + SCHEMA);
        }
        // A power cut may have undone commits that were not forced to the disk. Their offsets will be given again, so
        // the history that had them has ended: readers must not take their old cursors for positions in this one.
        String boot = boot();
        Optional<String> unsynced = writer.meta(UNSYNCED);
        if (unsynced.isPresent() && !unsynced.get().equals(boot)) {
            writer.meta("epoch", Journal.newEpoch());
        }
        if (unsyncedFromNow) {
            writer.meta(UNSYNCED, boot);
        } else {
            writer.removeMeta(UNSYNCED);
        }
        return writer.meta("epoch").orElseThrow();
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

    private static Map<Holdings.Slot, Extent> extents(SqliteWriter writer) throws SQLException {
        Map<Holdings.Slot, Extent> extents = new HashMap<>();
        try (ResultSet row = writer.prepared(
                        "SELECT kind, topic, events, weight, floor, first, last, last_time FROM extent")
                .executeQuery()) {
            while (row.next()) {
                extents.put(
                        new Holdings.Slot(Rows.kind(row.getString(1)), row.getString(2)),
                        new Extent(
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

    private static Map<Kind, List<Event>> latest(SqliteWriter writer, Rows rows) throws SQLException {
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
