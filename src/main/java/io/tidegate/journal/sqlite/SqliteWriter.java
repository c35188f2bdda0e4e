package io.tidegate.journal.sqlite;

import io.tidegate.event.Event;
import io.tidegate.event.Kind;
import io.tidegate.journal.Durability;
import io.tidegate.journal.retention.RetainedRange;
import io.tidegate.journal.retention.RetentionIndex;
import io.tidegate.journal.retention.TrimScan;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The only connection that writes to the database, with all operations that change it. Used by one thread. Only
 * {@link #commit} commits.
 */
final class SqliteWriter implements AutoCloseable {

    private final Connection connection;
    private final Map<String, PreparedStatement> statements = new HashMap<>();
    private final RowSum sums = new RowSum();
    private boolean forcesCommits = true;
    /** Whether any topics may have tombstones. */
    private boolean mayHaveTombstones = true;

    SqliteWriter(Path file) throws SQLException {
        this.connection = Sqlite.writer(file);
    }

    /**
     * Begins a transaction, which {@link #commit} or {@link #close} ends. The driver's own transactions cannot be used,
     * because a commit through the driver immediately begins the next transaction, and if only the latter fails, a
     * successful commit appears to have failed.
     *
     * @param durability the durability of the commit, which forces the write-ahead log to disk if this is {@code FSYNC}
     */
    void begin(Durability durability) throws SQLException {
        boolean force = durability == Durability.FSYNC;
        if (force != forcesCommits) {
            Sqlite.force(connection, force);
            forcesCommits = force;
        }
        run("BEGIN IMMEDIATE");
    }

    void commit() throws SQLException {
        run("COMMIT");
    }

    /**
     * Moves the write-ahead log into the database, forces both to disk, and truncates the log. Fails if a reader blocks
     * the checkpoint for too long.
     */
    void checkpoint() throws SQLException {
        try (ResultSet row = prepared("PRAGMA wal_checkpoint(TRUNCATE)").executeQuery()) {
            if (!row.next() || row.getInt(1) != 0) {
                throw new SQLException("the write-ahead log could not be truncated, because a reader uses it");
            }
        }
    }

    void insert(List<Event> events) throws SQLException {
        PreparedStatement insert =
                prepared("INSERT INTO event (offset, time, kind, topic, type, key, weight, sum, data)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
        for (Event event : events) {
            insert.setLong(1, event.offset());
            insert.setLong(2, event.time().toEpochMilli());
            insert.setString(3, event.kind().plural());
            insert.setString(4, event.topic().name());
            insert.setString(5, event.type().name());
            insert.setString(6, event.key().orElse(null));
            insert.setInt(7, event.weight());
            insert.setLong(8, sums.event(event));
            insert.setString(9, event.data().toString());
            insert.executeUpdate();
        }
        for (Event event : events) {
            if (event.key().isPresent()) {
                updateLatest(event, event.key().get());
            }
        }
    }

    /**
     * Updates the latest state. A key that has ended and is used again counts as new, so this is called for each event
     * and not only for the last event of each key.
     */
    private void updateLatest(Event event, String key) throws SQLException {
        if (event.ends()) {
            forget(event.kind(), List.of(key));
            return;
        }
        run(
                "INSERT INTO latest (kind, key, first, first_sum, offset, time, topic, type, sum, data)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                        + " ON CONFLICT (kind, key) DO UPDATE SET offset = excluded.offset, time = excluded.time,"
                        + " topic = excluded.topic, type = excluded.type, sum = excluded.sum, data = excluded.data",
                event.kind().plural(),
                key,
                event.offset(),
                sums.values(event.kind().plural(), key, event.offset()),
                event.offset(),
                event.time().toEpochMilli(),
                event.topic().name(),
                event.type().name(),
                sums.event(event),
                event.data().toString());
    }

    void forget(Kind kind, Collection<String> keys) throws SQLException {
        for (String key : keys) {
            run("DELETE FROM latest WHERE kind = ? AND key = ?", kind.plural(), key);
        }
    }

    void save(RetentionIndex.Slot slot, Optional<RetainedRange> range) throws SQLException {
        String kind = slot.kind().plural();
        if (range.isEmpty()) {
            run("DELETE FROM extent WHERE kind = ? AND topic = ?", kind, slot.topic());
            return;
        }
        RetainedRange stored = range.get();
        run(
                "INSERT OR REPLACE INTO extent (kind, topic, events, weight, floor, first, last, last_time, sum)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                kind,
                slot.topic(),
                stored.events(),
                stored.weight(),
                stored.floor(),
                stored.first(),
                stored.last(),
                stored.lastMillis(),
                sums.range(kind, slot.topic(), stored));
    }

    /**
     * Offers the oldest events of a kind to a scan, at most {@code limit} of them, and deletes those that must be
     * evicted.
     */
    void delete(Kind kind, TrimScan scan, int limit) throws SQLException {
        PreparedStatement oldest =
                prepared("SELECT offset, time, weight FROM event WHERE kind = ? ORDER BY offset LIMIT ?");
        try (ResultSet row = Rows.bind(oldest, kind.plural(), limit).executeQuery()) {
            boolean evicted = true;
            while (evicted && row.next()) {
                evicted = scan.offer(row.getLong(1), row.getLong(2), row.getLong(3));
            }
        }
        if (!scan.isEmpty()) {
            run("DELETE FROM event WHERE kind = ? AND offset <= ?", kind.plural(), scan.through());
        }
    }

    /** Removes a topic from the latest state and records a tombstone; {@link #purge} deletes the topic's rows. */
    void tombstone(RetentionIndex.Evicted evicted) throws SQLException {
        RetentionIndex.Slot slot = evicted.slot();
        mayHaveTombstones = true;
        run("DELETE FROM latest WHERE kind = ? AND topic = ?", slot.kind().plural(), slot.topic());
        run(
                "INSERT OR REPLACE INTO doomed (topic, through) VALUES (?, ?)",
                slot.topic(),
                evicted.range().last());
    }

    /** Deletes rows of one topic that has a tombstone. Returns whether there may be more to delete. */
    boolean purge(int limit) throws SQLException {
        if (!mayHaveTombstones) {
            return false;
        }
        String topic;
        long through;
        try (ResultSet row =
                prepared("SELECT topic, through FROM doomed LIMIT 1").executeQuery()) {
            mayHaveTombstones = row.next();
            if (!mayHaveTombstones) {
                return false;
            }
            topic = row.getString(1);
            through = row.getLong(2);
        }
        int deleted = run(
                "DELETE FROM event WHERE offset IN"
                        + " (SELECT offset FROM event WHERE topic = ? AND offset <= ? ORDER BY offset LIMIT ?)",
                topic,
                through,
                limit);
        if (deleted < limit) {
            run("DELETE FROM doomed WHERE topic = ?", topic);
        }
        return true;
    }

    Optional<String> meta(String name) throws SQLException {
        PreparedStatement select = prepared("SELECT value FROM meta WHERE name = ?");
        try (ResultSet row = Rows.bind(select, name).executeQuery()) {
            return row.next() ? Optional.of(row.getString(1)) : Optional.empty();
        }
    }

    void meta(String name, String value) throws SQLException {
        run("INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)", name, value);
    }

    void removeMeta(String name) throws SQLException {
        run("DELETE FROM meta WHERE name = ?", name);
    }

    int run(String sql, Object... parameters) throws SQLException {
        return Rows.bind(prepared(sql), parameters).executeUpdate();
    }

    PreparedStatement prepared(String sql) throws SQLException {
        PreparedStatement statement = statements.get(sql);
        if (statement == null) {
            statement = connection.prepareStatement(sql);
            statements.put(sql, statement);
        }
        return statement;
    }

    Connection connection() {
        return connection;
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
