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

/** How connections to the database file are set up, and what its errors mean. */
final class Sqlite {

    private static final int BUSY_MILLIS = 5_000;
    private static final int WAL_BYTES_KEPT = 64 << 20;
    private static final int WRITER_CACHE_KIB = 4_096;
    private static final int READER_CACHE_KIB = 1_024;

    private Sqlite() {}

    /** A connection on which a transaction begins and ends by statements of its own, and whose commits are forced. */
    static Connection writer(Path file) throws SQLException {
        SQLiteConfig config = common(WRITER_CACHE_KIB);
        config.setSynchronous(SynchronousMode.FULL);
        config.setJournalSizeLimit(WAL_BYTES_KEPT);
        return config.createConnection("jdbc:sqlite:" + file.toAbsolutePath());
    }

    /** FULL forces the log to the disk with every commit; NORMAL only before the log is moved into the database. */
    static void force(Connection connection, boolean commits) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA synchronous = " + (commits ? SynchronousMode.FULL : SynchronousMode.NORMAL));
        }
    }

    /** A connection that cannot change anything; each statement sees one state of the database. */
    static Connection reader(Path file) throws SQLException {
        SQLiteConfig config = common(READER_CACHE_KIB);
        Connection connection = config.createConnection("jdbc:sqlite:" + file.toAbsolutePath());
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA query_only = true");
        }
        return connection;
    }

    /** A connection that does nothing but keep the log of the database in use. */
    static Connection anchor(Path file) throws SQLException {
        Connection connection = reader(file);
        try (Statement statement = connection.createStatement()) {
            // The log is opened with the first read.
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
        // Nobody asks for them, and the driver reads each statement again to know whether it makes some.
        config.setGetGeneratedKeys(false);
        return config;
    }

    /** Makes the tables that are missing; commits nothing. */
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

    /** What to do about a damaged file. */
    static String damageReport(Path file) {
        return "the journal " + file + " is damaged; move it away to begin a new history, or restore a copy";
    }

    /** What a failure of the storage is to a client, and to whoever reads the log. */
    static JournalException failure(String what, Exception cause) {
        // The second is what no space for the index of the log is called.
        boolean full = cause instanceof SQLiteException sqlite
                && (is(sqlite, SQLiteErrorCode.SQLITE_FULL)
                        || sqlite.getResultCode() == SQLiteErrorCode.SQLITE_IOERR_SHMSIZE);
        return new JournalException(
                full ? Code.STORAGE_FULL : Code.STORAGE_UNAVAILABLE, what + ": " + cause.getMessage(), cause);
    }

    /** Whether the error says that the file is no database or is broken. */
    static boolean damaged(@Nullable Throwable e) {
        return e instanceof SQLiteException sqlite
                && (is(sqlite, SQLiteErrorCode.SQLITE_NOTADB) || is(sqlite, SQLiteErrorCode.SQLITE_CORRUPT));
    }

    /** Whether the disk failed, so that what was written to it without being forced may be lost. */
    static boolean diskFailed(Exception e) {
        return e instanceof SQLiteException sqlite && is(sqlite, SQLiteErrorCode.SQLITE_IOERR);
    }

    /** The low byte of an extended result code is the code that it refines. */
    private static boolean is(SQLiteException e, SQLiteErrorCode code) {
        return (e.getResultCode().code & 0xff) == code.code;
    }
}
