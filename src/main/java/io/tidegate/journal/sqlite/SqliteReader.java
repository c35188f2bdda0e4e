package io.tidegate.journal.sqlite;

import io.tidegate.journal.history.PageBuilder;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;

/** A connection that is used for reads, by one thread at a time. */
final class SqliteReader implements AutoCloseable {

    private static final int STATEMENTS = 32;

    private final Connection connection;
    private final Map<String, PreparedStatement> statements = new LinkedHashMap<>(16, 0.75f, true);

    SqliteReader(Path file) throws SQLException {
        this.connection = Sqlite.reader(file);
    }

    /**
     * Offers the rows that a query returns to a page. Returns false if the page became full, or the query reached its
     * row limit, before all matching rows had been offered.
     *
     * @param end the offset at the end of the range; SQLite must not look for a row after it, because that row may be
     *     unreadable
     * @throws DamagedRow if a row does not match its checksum
     */
    boolean offer(Query query, long end, PageBuilder page, Rows rows) throws SQLException {
        PreparedStatement statement = prepared(query.sql());
        try (ResultSet row = Rows.bind(statement, query.parameters().toArray()).executeQuery()) {
            while (row.next()) {
                if (page.full()) {
                    return false;
                }
                var head = rows.head(row);
                if (page.wants(head)) {
                    page.add(rows.data(head, row));
                }
                if (head.offset() == end) {
                    return true;
                }
            }
        }
        return !page.scannedAll();
    }

    private PreparedStatement prepared(String sql) throws SQLException {
        PreparedStatement statement = statements.get(sql);
        if (statement == null) {
            statement = connection.prepareStatement(sql);
            statements.put(sql, statement);
            if (statements.size() > STATEMENTS) {
                // The map is in access order, so the first statement is the least recently used.
                var eldest = statements.values().iterator();
                eldest.next().close();
                eldest.remove();
            }
        }
        return statement;
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
