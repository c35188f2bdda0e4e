package io.tidegate.journal.sqlite;

import io.tidegate.journal.history.PageBuilder;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;

/** One connection for reads. Used by one thread at a time. */
final class SqliteReader implements AutoCloseable {

    private static final int STATEMENTS = 32;

    private final Connection connection;
    private final Map<String, PreparedStatement> statements = new LinkedHashMap<>(16, 0.75f, true);

    SqliteReader(Path file) throws SQLException {
        this.connection = Sqlite.reader(file);
    }

    /** Offers the rows of one query; false when the page was full, or the query at its bound, before they ended. */
    boolean offer(Query query, PageBuilder page, String epoch) throws SQLException {
        Rows rows = new Rows(epoch);
        PreparedStatement statement = prepared(query.sql());
        try (ResultSet row = Rows.bind(statement, query.parameters().toArray()).executeQuery()) {
            while (row.next()) {
                if (page.full()) {
                    return false;
                }
                var head = rows.head(row);
                if (page.wants(head)) {
                    page.take(rows.data(head, row));
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
                // The map is in order of use, so the first one was not used for longest.
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
