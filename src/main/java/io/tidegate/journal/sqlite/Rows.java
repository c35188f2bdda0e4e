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

/** Converts rows to events. Owned by one read, within which each topic and type is created only once. */
final class Rows {

    /** The columns that {@link #head} and {@link #data} expect, in this order. */
    static final String COLUMNS = "offset, time, topic, type, key, data";

    private static final JsonText NOT_READ = JsonText.trusted("null");

    private final String epoch;
    private final Map<String, Topic> topics = new HashMap<>();
    private final Map<String, EventType> types = new HashMap<>();

    Rows(String epoch) {
        this.epoch = epoch;
    }

    /** Returns an event without its data, which a selective read does not need for most rows. */
    Event head(ResultSet row) throws SQLException {
        return new Event(
                new Cursor(epoch, row.getLong(1)),
                Instant.ofEpochMilli(row.getLong(2)),
                topics.computeIfAbsent(row.getString(3), Topic::new),
                types.computeIfAbsent(row.getString(4), EventType::new),
                Optional.ofNullable(row.getString(5)),
                NOT_READ);
    }

    Event data(Event head, ResultSet row) throws SQLException {
        JsonText data = JsonText.trusted(row.getString(6));
        return new Event(head.cursor(), head.time(), head.topic(), head.type(), head.key(), data);
    }

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
