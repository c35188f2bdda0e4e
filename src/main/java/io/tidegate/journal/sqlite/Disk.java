package io.tidegate.journal.sqlite;

import java.sql.SQLException;

/**
 * The operations that must reach the disk. This is a separate type so that tests can simulate failures of the disk.
 */
class Disk {

    /** Commits the current transaction. If this fails, the transaction may have been committed nevertheless. */
    void commit(SqliteWriter writer) throws SQLException {
        writer.commit();
    }

    /** Moves the whole write-ahead log into the database, forces the database to the disk and truncates the log. */
    void checkpoint(SqliteWriter writer) throws SQLException {
        writer.checkpoint();
    }
}
