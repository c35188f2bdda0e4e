package io.tidegate.sqlite;

import java.sql.SQLException;

/** What has to reach the disk. A type of its own, because no test can make a real disk fail when it wants to. */
class Disk {

    /** Commits the transaction under way. When this fails, it may have been done all the same. */
    void commit(SqliteWriter writer) throws SQLException {
        writer.commit();
    }

    /** Moves all of the log into the database, forces that to the disk, and empties the log. */
    void checkpoint(SqliteWriter writer) throws SQLException {
        writer.checkpoint();
    }
}
