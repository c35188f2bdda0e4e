package io.tidegate.journal.sqlite;

import io.tidegate.event.Event;
import io.tidegate.event.Kind;
import io.tidegate.journal.retention.RetainedRange;
import io.tidegate.journal.retention.RetentionIndex;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * Reads all events in a database in one snapshot, and checks them against their checksums, the retained ranges and the
 * indexes. Owned by one thread.
 */
final class Verification {

    /** The maximum number of messages about the file structure. */
    private static final int MAX_MESSAGES = 10;

    private static final String EVENTS =
            "SELECT " + Rows.COLUMNS + ", kind, weight FROM event NOT INDEXED WHERE offset > ? ORDER BY offset";

    private final Connection connection;
    private final Rows rows;
    private final BooleanSupplier cancelled;
    private final Damage damage;
    private final List<String> findings = new ArrayList<>();
    private final Map<RetentionIndex.Slot, RetainedRange> ranges = new HashMap<>();
    private final Map<RetentionIndex.Slot, Long> counts = new HashMap<>();
    /** The topics whose rows are being deleted, with the offset up to which they are being deleted. */
    private final Map<String, Long> doomed = new HashMap<>();
    /** The greatest offset up to which events of any kind have been evicted. After this offset, none may be missing. */
    private long evictedThrough;

    private long position;
    private long verified;
    private long unsummed;

    /**
     * The result of a verification.
     *
     * @param findings one sentence for each problem that was found
     * @param intact whether the file structure is intact, so that reads can use the indexes
     * @param events the number of events that were verified
     * @param unsummed the number of events without checksums, which do not count as verified
     * @param last the offset of the last event of the history
     */
    record Report(List<String> findings, boolean intact, long events, long unsummed, long last) {}

    private Verification(Connection connection, Rows rows, Damage damage, BooleanSupplier cancelled) {
        this.connection = connection;
        this.rows = rows;
        this.damage = damage;
        this.cancelled = cancelled;
    }

    /**
     * Verifies a database.
     *
     * @param rows the converter from rows to events
     * @param damage collects the offsets of events that are missing, unreadable or altered
     * @param cancelled a function that ends the verification early when it returns true
     */
    static Report of(Connection connection, Rows rows, Damage damage, BooleanSupplier cancelled) throws SQLException {
        Verification verification = new Verification(connection, rows, damage, cancelled);
        try (Statement statement = connection.createStatement()) {
            statement.execute("BEGIN");
            try {
                return verification.run();
            } finally {
                statement.execute("ROLLBACK");
            }
        }
    }

    private Report run() throws SQLException {
        readState();
        long last =
                ranges.values().stream().mapToLong(RetainedRange::last).max().orElse(0);
        boolean readable = true;
        while (!scan()) {
            readable = false;
            skipUnreadable(last);
        }
        missing(last + 1);
        compareCounts();
        boolean intact = checkStructure() && readable;
        return new Report(findings, intact, verified, unsummed, Math.max(last, position));
    }

    private void readState() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT kind, topic, events, weight, floor, first, last, last_time FROM extent")) {
            while (row.next()) {
                RetainedRange range = new RetainedRange(
                        row.getLong(3), row.getLong(4), row.getLong(5), row.getLong(6), row.getLong(7), row.getLong(8));
                ranges.put(new RetentionIndex.Slot(Rows.kind(row.getString(1)), row.getString(2)), range);
                evictedThrough = Math.max(evictedThrough, range.floor());
            }
        }
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT topic, through FROM doomed")) {
            while (row.next()) {
                doomed.put(row.getString(1), row.getLong(2));
                evictedThrough = Math.max(evictedThrough, row.getLong(2));
            }
        }
    }

    /** Reads the rows after the current position. Returns false if it stopped because the next row is unreadable. */
    private boolean scan() throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(EVENTS)) {
            select.setLong(1, position);
            try (ResultSet row = select.executeQuery()) {
                while (!cancelled.getAsBoolean() && row.next()) {
                    missing(row.getLong(1));
                    examine(row);
                    position = row.getLong(1);
                }
                return true;
            }
        } catch (SQLException e) {
            if (Sqlite.damaged(e)) {
                return false;
            }
            throw e;
        }
    }

    private void examine(ResultSet row) throws SQLException {
        long offset = row.getLong(1);
        try {
            Event event = rows.event(row);
            row.getLong(6);
            boolean summed = !row.wasNull();
            if (row.getInt(9) != event.weight() || !countIn(Rows.kind(row.getString(8)), event)) {
                throw new DamagedRow(offset);
            }
            verified += summed ? 1 : 0;
            unsummed += summed ? 0 : 1;
        } catch (DamagedRow altered) {
            found(new Damage.Range(offset, offset), "event " + offset + " does not match its checksum");
        }
    }

    /** Counts the event in its range. Returns false if no range contains the event. */
    private boolean countIn(Kind kind, Event event) {
        String topic = event.topic().name();
        if (doomed.getOrDefault(topic, 0L) >= event.offset()) {
            return true;
        }
        RetentionIndex.Slot slot = new RetentionIndex.Slot(kind, kind.evictedWhole() ? topic : "");
        RetainedRange range = ranges.get(slot);
        if (range == null || event.offset() <= range.floor() || event.offset() > range.last()) {
            return false;
        }
        counts.merge(slot, 1L, Long::sum);
        return true;
    }

    /**
     * Records the offsets between the current position and the next row as missing if they cannot have been evicted.
     */
    private void missing(long next) {
        long from = Math.max(position, evictedThrough) + 1;
        if (from < next && !cancelled.getAsBoolean()) {
            Damage.Range range = new Damage.Range(from, next - 1);
            found(range, "no rows for the events " + range);
        }
    }

    /** Moves the position to just before the next row that can be read. */
    private void skipUnreadable(long last) throws SQLException {
        long unreadable = position + 1;
        long step = 1;
        while (unreadable + step <= last && !readableFrom(unreadable + step)) {
            step *= 2;
        }
        long low = unreadable + step / 2;
        long high = Math.min(unreadable + step, last + 1);
        while (low < high) {
            long middle = (low + high) >>> 1;
            if (readableFrom(middle)) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        Damage.Range range = new Damage.Range(unreadable, Math.max(unreadable, high - 1));
        found(range, "the rows of the events " + range + " cannot be read");
        position = range.through();
    }

    private boolean readableFrom(long offset) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(EVENTS + " LIMIT 1")) {
            select.setLong(1, offset - 1);
            try (ResultSet row = select.executeQuery()) {
                return row.next() && row.getString(7) != null;
            }
        } catch (SQLException e) {
            if (Sqlite.damaged(e)) {
                return false;
            }
            throw e;
        }
    }

    /**
     * Compares the number of events found with the number recorded in each range. If events are missing in a region
     * where others were evicted, their offsets are unknown, and the gap is reported at the end of that region.
     */
    private void compareCounts() {
        long expected = 0;
        long counted = 0;
        for (Map.Entry<RetentionIndex.Slot, RetainedRange> range : ranges.entrySet()) {
            Kind kind = range.getKey().kind();
            if (kind.evictedWhole() != range.getKey().topic().isEmpty()) {
                expected += range.getValue().events();
                counted += counts.getOrDefault(range.getKey(), 0L);
            }
        }
        long absent = expected - counted - damage.size();
        if (absent > 0 && !cancelled.getAsBoolean()) {
            long place = Math.max(1, evictedThrough);
            found(new Damage.Range(place, place), absent + " events up to " + place + " are missing");
        }
    }

    private boolean checkStructure() throws SQLException {
        if (cancelled.getAsBoolean()) {
            return false;
        }
        List<String> messages = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("PRAGMA integrity_check(" + MAX_MESSAGES + ')')) {
            while (row.next()) {
                messages.add(row.getString(1));
            }
        } catch (SQLException e) {
            if (!Sqlite.damaged(e)) {
                throw e;
            }
            messages.add(e.getMessage());
        }
        if (messages.equals(List.of("ok"))) {
            return true;
        }
        messages.forEach(
                message -> findings.add("the structure of the file is damaged: " + message.replace('\n', ' ')));
        return false;
    }

    private void found(Damage.Range range, String finding) {
        damage.add(range);
        findings.add(finding);
    }
}
