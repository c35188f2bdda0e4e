package io.tidegate.journal.sqlite;

import io.vertx.core.Future;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The threads that read the database file, each with a connection while it reads. Any thread may submit. */
final class SqliteReaders {

    private static final Logger LOG = LoggerFactory.getLogger(SqliteReaders.class);
    private static final int THREADS = 2;
    private static final int PATIENCE_SECONDS = 10;

    private final Path file;
    private final Runnable damage;
    private final ConcurrentLinkedQueue<SqliteReader> idle = new ConcurrentLinkedQueue<>();
    private final Workers threads;

    /**
     * Begins with no connection.
     *
     * @param queued how many reads may wait; more are refused
     * @param damage is told when a read finds that the file is damaged
     */
    SqliteReaders(Path file, int queued, Runnable damage) {
        this.file = file;
        this.damage = damage;
        this.threads = new Workers("tidegate-journal-reader", THREADS, queued);
    }

    /** One read. */
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
                // The next read begins with a new connection.
                discard(reader);
                if (Sqlite.damaged(e)) {
                    damage.run();
                }
                throw Sqlite.failure("the read failed", e);
            } catch (RuntimeException e) {
                discard(reader);
                throw e;
            }
        });
    }

    /** Waits for the reads under way and closes their connections. Not for an event loop. */
    void close() throws SQLException, InterruptedException {
        threads.close();
        threads.await(PATIENCE_SECONDS);
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
