package io.tidegate.journal.sqlite;

import io.vertx.core.Future;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The threads that read the database file, each with its own connection during a read. Any thread may submit reads. */
final class SqliteReaders {

    private static final Logger LOG = LoggerFactory.getLogger(SqliteReaders.class);
    private static final int THREADS = 2;
    private static final int CLOSE_TIMEOUT_SECONDS = 10;

    private final Path file;
    private final Runnable onDamage;
    private final ConcurrentLinkedQueue<SqliteReader> idle = new ConcurrentLinkedQueue<>();
    private final Workers threads;

    /**
     * Creates the threads. Connections are opened on demand.
     *
     * @param queued the maximum number of waiting reads; further reads are refused
     * @param onDamage the callback that runs if a read finds that the file is damaged
     */
    SqliteReaders(Path file, int queued, Runnable onDamage) {
        this.file = file;
        this.onDamage = onDamage;
        this.threads = new Workers("tidegate-journal-reader", THREADS, queued);
    }

    /** A read that runs on a connection. */
    interface Read<T> {
        T with(SqliteReader reader) throws SQLException;
    }

    <T> Future<T> submit(Read<T> read) {
        return threads.submit(() -> {
            SqliteReader reader = idle.poll();
            try {
                reader = reader == null ? new SqliteReader(file) : reader;
                T result = read.with(reader);
                idle.add(reader);
                return result;
            } catch (SQLException e) {
                // The next read opens a new connection.
                discard(reader);
                if (Sqlite.damaged(e)) {
                    onDamage.run();
                }
                throw Sqlite.failure("the read failed", e);
            } catch (RuntimeException e) {
                discard(reader);
                throw e;
            }
        });
    }

    /** Runs work without a connection on one of the threads. */
    <T> Future<T> background(Callable<T> work) {
        return threads.submit(work);
    }

    /**
     * Waits for the reads in progress, and closes all connections. Blocks, so it must not be called on an event loop.
     */
    void close() throws SQLException, InterruptedException {
        threads.close();
        threads.await(CLOSE_TIMEOUT_SECONDS);
        for (SqliteReader reader = idle.poll(); reader != null; reader = idle.poll()) {
            reader.close();
        }
    }

    private static void discard(@Nullable SqliteReader reader) {
        try {
            if (reader != null) {
                reader.close();
            }
        } catch (SQLException e) {
            LOG.warn("event=journal-connection-not-closed reason={}", e.getMessage());
        }
    }
}
