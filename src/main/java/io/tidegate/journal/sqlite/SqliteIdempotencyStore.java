package io.tidegate.journal.sqlite;

import io.tidegate.event.Cursor;
import io.tidegate.journal.Durability;
import io.tidegate.journal.IdempotencyKey;
import io.tidegate.journal.history.Idempotency;
import io.tidegate.journal.history.IdempotencyStore;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Optional;

/** The idempotency keys in the database as seen by one transaction. Used by one commit only. */
final class SqliteIdempotencyStore implements IdempotencyStore<SQLException> {

    private final SqliteWriter writer;
    private final Idempotency bounds;
    private final long now;
    private boolean changed;

    SqliteIdempotencyStore(SqliteWriter writer, Idempotency bounds, long nowMillis) {
        this.writer = writer;
        this.bounds = bounds;
        this.now = nowMillis;
    }

    @Override
    public Optional<Answered> find(IdempotencyKey key) throws SQLException {
        PreparedStatement select = writer.prepared("SELECT digest, cursor, count, durability FROM claim"
                + " WHERE publisher = ? AND scope = ? AND name = ? AND time >= ?");
        try (ResultSet row = Rows.bind(select, key.publisher(), key.scope().text(), key.name(), bounds.since(now))
                .executeQuery()) {
            if (!row.next()) {
                return Optional.empty();
            }
            Durability durability = Durability.valueOf(row.getString(4).toUpperCase(Locale.ROOT));
            return Optional.of(
                    new Answered(row.getString(1), Cursor.parse(row.getString(2)), row.getInt(3), durability));
        }
    }

    @Override
    public void remember(IdempotencyKey key, Answered answered) throws SQLException {
        changed = true;
        writer.run(
                "INSERT OR REPLACE INTO claim (publisher, scope, name, digest, cursor, count, durability, time)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                key.publisher(),
                key.scope().text(),
                key.name(),
                answered.digest(),
                answered.cursor().toString(),
                answered.count(),
                answered.durability().text(),
                now);
    }

    /**
     * Deletes some of the keys that exceed the limits.
     *
     * @param byAge whether to also check the age of keys
     * @param rows the maximum number of rows to delete for each limit
     * @return whether there may be more keys to delete
     */
    boolean trim(boolean byAge, int rows) throws SQLException {
        int deleted = 0;
        if (changed || byAge) {
            deleted = writer.run(
                    "DELETE FROM claim WHERE seq IN (SELECT seq FROM claim"
                            + " WHERE seq <= (SELECT max(seq) FROM claim) - ? ORDER BY seq LIMIT ?)",
                    bounds.count(),
                    rows);
        }
        if (byAge) {
            deleted = Math.max(
                    deleted,
                    writer.run(
                            "DELETE FROM claim WHERE seq IN (SELECT seq FROM"
                                    + " (SELECT seq, time FROM claim ORDER BY seq LIMIT ?) WHERE time < ?)",
                            rows,
                            bounds.since(now)));
        }
        return deleted == rows;
    }
}
