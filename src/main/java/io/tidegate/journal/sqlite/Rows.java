package io.tidegate.journal.sqlite;

import io.tidegate.event.Cursor;
import io.tidegate.event.Event;
import io.tidegate.event.EventType;
import io.tidegate.event.JsonText;
import io.tidegate.event.Kind;
import io.tidegate.event.Topic;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Converts rows to events. Used by one read, within which each topic and type is created only once. */
final class Rows {

    /** The columns that {@link #head} and {@link #data} expect, in this order. */
    static final String COLUMNS = "offset, time, topic, type, key, sum, data";

    private static final JsonText NOT_READ = JsonText.trusted("null");

    private final String epoch;
    private final long unsummedThrough;
    private final RowSum sums = new RowSum();
    private final Map<String, Topic> topics = new HashMap<>();
    private final Map<String, EventType> types = new HashMap<>();

    /**
     * Creates a converter.
     *
     * @param unsummedThrough the offset up to which rows may lack checksums because they were written by an earlier
     *     version
     */
    Rows(String epoch, long unsummedThrough) {
        this.epoch = epoch;
        this.unsummedThrough = unsummedThrough;
    }

    /**
     * Returns an event without its data. A selective read does not need the data of most rows.
     *
     * @throws DamagedRow if the columns do not match the checksum
     */
    Event head(ResultSet row) throws SQLException {
        long offset = row.getLong(1);
        long millis = row.getLong(2);
        String topic = row.getString(3);
        String type = row.getString(4);
        String key = row.getString(5);
        long sum = row.getLong(6);
        boolean verified =
                row.wasNull() ? offset <= unsummedThrough : sums.headMatches(sum, offset, millis, topic, type, key);
        if (!verified) {
            throw new DamagedRow(offset);
        }
        try {
            return new Event(
                    new Cursor(epoch, offset),
                    Instant.ofEpochMilli(millis),
                    topics.computeIfAbsent(topic, Topic::new),
                    types.computeIfAbsent(type, EventType::new),
                    Optional.ofNullable(key),
                    NOT_READ);
        } catch (RuntimeException invalid) {
            throw new DamagedRow(offset);
        }
    }

    /**
     * Returns the event with the data in its row added.
     *
     * @throws DamagedRow if the data does not match the checksum
     */
    Event data(Event head, ResultSet row) throws SQLException {
        String data = row.getString(7);
        long sum = row.getLong(6);
        boolean verified = row.wasNull() ? data != null : sums.dataMatches(sum, head.offset(), data);
        if (!verified) {
            throw new DamagedRow(head.offset());
        }
        return new Event(head.cursor(), head.time(), head.topic(), head.type(), head.key(), JsonText.trusted(data));
    }

    /** Returns the event in a row, including its data. */
    Event event(ResultSet row) throws SQLException {
        return data(head(row), row);
    }

    /** Sets the parameters of a statement, in order. */
    static PreparedStatement bind(PreparedStatement statement, Object... values) throws SQLException {
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
        return statement;
    }

    static Kind kind(String plural) {
        return Kind.named(plural).orElse(Kind.OTHER);
    }
}
