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

/** Claims in the database, as one transaction sees them. Owned by one commit. */
final class SqliteIdempotencyStore implements IdempotencyStore<SQLException> {

    private final SqliteWriter writer;
    private final Idempotency keep;
    private final long now;
    private boolean changed;

    SqliteIdempotencyStore(SqliteWriter writer, Idempotency keep, long nowMillis) {
        this.writer = writer;
        this.keep = keep;
        this.now = nowMillis;
    }

    @Override
    public Optional<Answered> find(IdempotencyKey claim) throws SQLException {
        PreparedStatement select = writer.prepared("SELECT digest, cursor, count, durability FROM claim"
                + " WHERE publisher = ? AND scope = ? AND name = ? AND time >= ?");
        try (ResultSet row = Rows.bind(select, claim.publisher(), claim.scope().text(), claim.name(), keep.since(now))
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
    public void remember(IdempotencyKey claim, Answered answered) throws SQLException {
        changed = true;
        writer.run(
                "INSERT OR REPLACE INTO claim (publisher, scope, name, digest, cursor, count, durability, time)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                claim.publisher(),
                claim.scope().text(),
                claim.name(),
                answered.digest(),
                answered.cursor().toString(),
                answered.count(),
                answered.durability().text(),
                now);
    }

    /**
     * Forgets some of what is beyond the bounds.
     *
     * @return whether more may be left
     */
    boolean trim(boolean byAge, int rows) throws SQLException {
        int gone = 0;
        if (changed || byAge) {
            gone = writer.run(
                    "DELETE FROM claim WHERE seq IN (SELECT seq FROM claim"
                            + " WHERE seq <= (SELECT max(seq) FROM claim) - ? ORDER BY seq LIMIT ?)",
                    keep.count(),
                    rows);
        }
        if (byAge) {
            gone = Math.max(
                    gone,
                    writer.run(
                            "DELETE FROM claim WHERE seq IN (SELECT seq FROM"
                                    + " (SELECT seq, time FROM claim ORDER BY seq LIMIT ?) WHERE time < ?)",
                            rows,
                            keep.since(now)));
        }
        return gone == rows;
    }
}
