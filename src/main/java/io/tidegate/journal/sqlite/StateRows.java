package io.tidegate.journal.sqlite;

import io.tidegate.event.Event;
import io.tidegate.event.Kind;
import io.tidegate.journal.history.JournalOptions;
import io.tidegate.journal.retention.RetainedRange;
import io.tidegate.journal.retention.RetentionIndex;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The database rows with the state that is kept in memory: the retained ranges and the latest event for each key. A row
 * that does not match its checksum is repaired from the event rows or removed. Used by the writer thread.
 */
final class StateRows {

    private static final String RANGES =
            "SELECT kind, topic, events, weight, floor, first, last, last_time, sum FROM extent";
    private static final String LATEST =
            "SELECT " + Rows.COLUMNS + ", kind, first, first_sum FROM latest ORDER BY first";

    private final SqliteWriter writer;
    private final RowSum sums = new RowSum();

    StateRows(SqliteWriter writer) {
        this.writer = writer;
    }

    /** Returns the retained ranges. Fails if a row does not match its checksum. */
    Map<RetentionIndex.Slot, RetainedRange> ranges() throws SQLException {
        Map<RetentionIndex.Slot, RetainedRange> ranges = new HashMap<>();
        try (ResultSet row = writer.prepared(RANGES).executeQuery()) {
            while (row.next()) {
                RetainedRange range = range(row);
                String kind = row.getString(1);
                String topic = row.getString(2);
                if (row.getLong(9) != sums.range(kind, topic, range)) {
                    throw new SQLException(damagedRange(row));
                }
                ranges.put(new RetentionIndex.Slot(Rows.kind(kind), topic), range);
            }
        }
        return ranges;
    }

    private static RetainedRange range(ResultSet row) throws SQLException {
        return new RetainedRange(
                row.getLong(3), row.getLong(4), row.getLong(5), row.getLong(6), row.getLong(7), row.getLong(8));
    }

    /**
     * Removes the keys that exceed the weight limit for the latest state, so that loading the state takes no more
     * memory than keeping it. Earlier versions had no such limit.
     */
    void trim(JournalOptions options) throws SQLException {
        for (Kind kind : Kind.values()) {
            writer.run(
                    "DELETE FROM latest WHERE kind = ? AND first < (SELECT min(first) FROM (SELECT first,"
                            + " sum(128 + length(topic) + length(type) + length(key) + length(data))"
                            + " OVER (ORDER BY first DESC) AS weight FROM latest WHERE kind = ?) WHERE weight <= ?)",
                    kind.plural(),
                    kind.plural(),
                    options.retention(kind).keyBytes());
        }
    }

    /** Returns the latest event for each key. Fails if a row does not match its checksum. */
    Map<Kind, List<Event>> latest(Rows rows) throws SQLException {
        Map<Kind, List<Event>> latest = new EnumMap<>(Kind.class);
        try (ResultSet row = writer.prepared(LATEST).executeQuery()) {
            while (row.next()) {
                Event event = rows.event(row);
                latest.computeIfAbsent(event.kind(), kind -> new ArrayList<>()).add(event);
            }
        }
        return latest;
    }

    /** Repairs damaged rows where possible, and removes the others. Returns a description of each removed row. */
    List<String> repair(Rows events) throws SQLException {
        List<String> removed = new ArrayList<>();
        try {
            ranges();
        } catch (SQLException damaged) {
            removed.add(String.valueOf(damaged.getMessage()));
            countAgain();
        }
        for (Member member : damagedMembers()) {
            if (!restore(member, events)) {
                // The unary plus prevents a search in an index whose order may be corrupted by the damage.
                writer.run("DELETE FROM latest WHERE +kind IS ? AND +key IS ?", member.kind(), member.key());
                removed.add(member.toString());
            }
        }
        return removed;
    }

    /**
     * A row of the latest state that does not match its checksum.
     *
     * @param ordered whether its position in the order of keys matches its checksum
     */
    private record Member(
            String kind, String key, boolean ordered, long offset, long millis, String topic, String type) {
        @Override
        public String toString() {
            return "the latest state of " + kind + ' ' + key;
        }
    }

    /** Returns a description of each row that does not match its checksum. */
    static List<String> damaged(Connection connection) throws SQLException {
        List<String> damaged = new ArrayList<>();
        RowSum sums = new RowSum();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(RANGES)) {
            while (row.next()) {
                if (row.getLong(9) != sums.range(row.getString(1), row.getString(2), range(row))) {
                    damaged.add(damagedRange(row));
                }
            }
        }
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(LATEST)) {
            damagedMembers(row).forEach(member -> damaged.add(member + " does not match its checksum"));
        }
        return damaged;
    }

    private static String damagedRange(ResultSet row) throws SQLException {
        return "the retained range of " + row.getString(1) + ' ' + row.getString(2) + " does not match its checksum";
    }

    private List<Member> damagedMembers() throws SQLException {
        try (ResultSet row = writer.prepared(LATEST).executeQuery()) {
            return damagedMembers(row);
        }
    }

    private static List<Member> damagedMembers(ResultSet row) throws SQLException {
        List<Member> damaged = new ArrayList<>();
        Rows rows = new Rows("x", 0);
        RowSum sums = new RowSum();
        while (row.next()) {
            boolean ordered = row.getLong(10) == sums.values(row.getString(8), row.getString(5), row.getLong(9));
            boolean verified = ordered;
            try {
                rows.event(row);
            } catch (DamagedRow altered) {
                verified = false;
            }
            if (!verified) {
                damaged.add(new Member(
                        row.getString(8),
                        row.getString(5),
                        ordered,
                        row.getLong(1),
                        row.getLong(2),
                        row.getString(3),
                        row.getString(4)));
            }
        }
        return damaged;
    }

    /**
     * Restores the data of a latest-state row from the event row, if the latter is intact and only the data is damaged.
     */
    private boolean restore(Member member, Rows events) throws SQLException {
        PreparedStatement select = writer.prepared("SELECT " + Rows.COLUMNS + " FROM event WHERE offset = ?");
        try (ResultSet row = Rows.bind(select, member.offset()).executeQuery()) {
            if (!row.next()) {
                return false;
            }
            Event event = events.event(row);
            boolean same = event.time().toEpochMilli() == member.millis()
                    && event.topic().name().equals(member.topic())
                    && event.type().name().equals(member.type())
                    && event.key().equals(Optional.ofNullable(member.key()))
                    && event.kind().plural().equals(member.kind());
            return same
                    && member.ordered()
                    && writer.run(
                                    "UPDATE latest SET data = ?, sum = ? WHERE kind = ? AND key = ?",
                                    event.data().toString(),
                                    sums.event(event),
                                    member.kind(),
                                    member.key())
                            == 1;
        } catch (DamagedRow altered) {
            return false;
        }
    }

    /** Recomputes the retained ranges from the events in the table. */
    private void countAgain() throws SQLException {
        Map<RetentionIndex.Slot, RetainedRange> counted = new HashMap<>();
        String groups =
                "SELECT kind, topic, count(*), sum(weight), min(offset) - 1, min(offset), max(offset), max(time)"
                        + " FROM event NOT INDEXED WHERE NOT EXISTS (SELECT 1 FROM doomed"
                        + " WHERE doomed.topic = event.topic AND event.offset <= doomed.through) GROUP BY kind, topic";
        try (ResultSet row = writer.prepared(groups).executeQuery()) {
            while (row.next()) {
                Kind kind = Rows.kind(row.getString(1));
                RetainedRange range = range(row);
                counted.merge(new RetentionIndex.Slot(kind, ""), range, StateRows::join);
                if (kind.evictedWhole()) {
                    counted.put(new RetentionIndex.Slot(kind, row.getString(2)), range);
                }
            }
        }
        writer.run("DELETE FROM extent");
        for (Map.Entry<RetentionIndex.Slot, RetainedRange> range : counted.entrySet()) {
            writer.save(range.getKey(), Optional.of(range.getValue()));
        }
    }

    private static RetainedRange join(RetainedRange one, RetainedRange other) {
        return new RetainedRange(
                one.events() + other.events(),
                one.weight() + other.weight(),
                Math.min(one.floor(), other.floor()),
                Math.min(one.first(), other.first()),
                Math.max(one.last(), other.last()),
                Math.max(one.lastMillis(), other.lastMillis()));
    }

    /** Computes the checksums of all state rows, which an earlier version wrote without checksums. */
    void sum() throws SQLException {
        record Change(String sql, List<Object> values) {}
        List<Change> changes = new ArrayList<>();
        try (ResultSet row = writer.prepared("SELECT offset, time, topic, type, key, data, kind, first FROM latest")
                .executeQuery()) {
            while (row.next()) {
                long sum = sums.event(
                        row.getLong(1),
                        row.getLong(2),
                        row.getString(3),
                        row.getString(4),
                        row.getString(5),
                        row.getString(6));
                long first = sums.values(row.getString(7), row.getString(5), row.getLong(8));
                changes.add(new Change(
                        "UPDATE latest SET sum = ?, first_sum = ? WHERE kind = ? AND key = ?",
                        List.of(sum, first, row.getString(7), row.getString(5))));
            }
        }
        try (ResultSet row = writer.prepared(RANGES).executeQuery()) {
            while (row.next()) {
                changes.add(new Change(
                        "UPDATE extent SET sum = ? WHERE kind = ? AND topic = ?",
                        List.of(
                                sums.range(row.getString(1), row.getString(2), range(row)),
                                row.getString(1),
                                row.getString(2))));
            }
        }
        for (Change change : changes) {
            writer.run(change.sql(), change.values().toArray());
        }
    }
}
