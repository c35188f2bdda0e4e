package io.tidegate.journal.sqlite;

import io.tidegate.journal.JournalException;
import io.tidegate.problem.Code;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.SynchronousMode;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** Configures connections to the database file, and classifies SQLite errors. */
final class Sqlite {

    private static final int BUSY_MILLIS = 5_000;
    private static final int WAL_BYTES_KEPT = 64 << 20;
    private static final int WRITER_CACHE_KIB = 4_096;
    private static final int READER_CACHE_KIB = 1_024;

    private Sqlite() {}

    /**
     * Opens a connection for writing, in auto-commit mode, so that transactions are begun and ended with explicit
     * statements. Commits are forced to disk.
     */
    static Connection writer(Path file) throws SQLException {
        SQLiteConfig config = common(WRITER_CACHE_KIB);
        config.setSynchronous(SynchronousMode.FULL);
        config.setJournalSizeLimit(WAL_BYTES_KEPT);
        return config.createConnection("jdbc:sqlite:" + file.toAbsolutePath());
    }

    /**
     * Sets whether commits are forced to disk.
     *
     * @param commits if true ({@code FULL}), each commit forces the write-ahead log to disk; otherwise
     *     ({@code NORMAL}), the log is forced to disk only before a checkpoint
     */
    static void force(Connection connection, boolean commits) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA synchronous = " + (commits ? SynchronousMode.FULL : SynchronousMode.NORMAL));
        }
    }

    /** Opens a read-only connection. Each statement sees a consistent state of the database. */
    static Connection reader(Path file) throws SQLException {
        SQLiteConfig config = common(READER_CACHE_KIB);
        Connection connection = config.createConnection("jdbc:sqlite:" + file.toAbsolutePath());
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA query_only = true");
        }
        return connection;
    }

    /** Opens a connection that cannot change the database, not even with a checkpoint when the connection is closed. */
    static Connection inspector(Path file) throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.setReadOnly(true);
        config.setBusyTimeout(BUSY_MILLIS);
        return config.createConnection("jdbc:sqlite:" + file.toAbsolutePath());
    }

    /** Opens a connection whose only purpose is to keep the write-ahead log in use. */
    static Connection anchor(Path file) throws SQLException {
        Connection connection = reader(file);
        try (Statement statement = connection.createStatement()) {
            // SQLite opens the log on the first read.
            statement.executeQuery("SELECT 1 FROM sqlite_master LIMIT 1").close();
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    private static SQLiteConfig common(int cacheKib) {
        SQLiteConfig config = new SQLiteConfig();
        config.setJournalMode(JournalMode.WAL);
        config.setBusyTimeout(BUSY_MILLIS);
        config.setCacheSize(-cacheKib);
        config.setTempStore(SQLiteConfig.TempStore.MEMORY);
        // Generated keys are never used, and the driver would parse each statement again to find out whether it
        // generates any.
        config.setGetGeneratedKeys(false);
        return config;
    }

    /** Creates any missing tables. Does not commit. */
    static void createTables(Statement statement) throws SQLException {
        for (String sql : schema().split(";\n", -1)) {
            if (!sql.isBlank()) {
                statement.executeUpdate(sql);
            }
        }
    }

    private static String schema() {
        try (InputStream in = Sqlite.class.getResourceAsStream("schema.sql")) {
            if (in == null) {
                throw new IllegalStateException("schema.sql is missing");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns a message that explains how to handle a damaged file. */
    static String damageReport(Path file) {
        return "the journal " + file + " is damaged; move it away to start a new history, or restore a copy";
    }

    /** Converts a storage failure to an exception with a problem code for clients and a message for the log. */
    static JournalException failure(String operation, Exception cause) {
        boolean full = cause instanceof SQLiteException sqlite && full(sqlite);
        return new JournalException(
                full ? Code.STORAGE_FULL : Code.STORAGE_UNAVAILABLE, operation + ": " + cause.getMessage(), cause);
    }

    /** Returns whether the error means that the file is not a database or is corrupt. */
    static boolean damaged(@Nullable Throwable e) {
        return e instanceof SQLiteException sqlite
                && (is(sqlite, SQLiteErrorCode.SQLITE_NOTADB) || is(sqlite, SQLiteErrorCode.SQLITE_CORRUPT));
    }

    /** Returns whether the disk failed, in which case data that was written but not forced to disk may be lost. */
    static boolean diskFailed(Exception e) {
        return e instanceof SQLiteException sqlite
                && !full(sqlite)
                && (is(sqlite, SQLiteErrorCode.SQLITE_IOERR)
                        || is(sqlite, SQLiteErrorCode.SQLITE_READONLY)
                        || is(sqlite, SQLiteErrorCode.SQLITE_CANTOPEN));
    }

    private static boolean full(SQLiteException e) {
        // SQLite reports the second code if there is no space for the index of the write-ahead log.
        return is(e, SQLiteErrorCode.SQLITE_FULL) || e.getResultCode() == SQLiteErrorCode.SQLITE_IOERR_SHMSIZE;
    }

    /** Returns whether an error has the given primary result code, which is the low byte of an extended result code. */
    private static boolean is(SQLiteException e, SQLiteErrorCode code) {
        return (e.getResultCode().code & 0xff) == code.code;
    }
}
