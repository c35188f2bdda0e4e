package io.tidegate.journal.sqlite;

import io.tidegate.event.Cursor;
import io.tidegate.event.Selection;
import io.tidegate.journal.Page;
import io.tidegate.journal.history.PageBuilder;
import io.tidegate.journal.retention.RetentionIndex;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConnection;

/**
 * Reads events from the file, and returns only events that are known to be intact. The whole file is verified once, in
 * the background, when the journal is opened, and reads wait until that is complete. In addition, each read compares
 * its rows with their checksums. Where events are missing, unreadable or altered, a page ends, and the next one begins
 * with a gap. Thread-safe.
 */
final class VerifiedReads {

    private static final Logger LOG = LoggerFactory.getLogger(VerifiedReads.class);
    /** The maximum number of findings that are logged individually. */
    private static final int MAX_LOGGED = 20;

    private final Path file;
    private final long unsummedThrough;
    /** The number of rows of the state that were removed when the journal was opened. */
    private final int removed;

    private final RetentionIndex retained;
    private final SqliteReaders readers;
    private final Damage damage = new Damage();
    private final Runnable onDamagedStructure;
    private volatile Future<Void> verified = Future.succeededFuture();
    private volatile boolean indexesIntact = true;
    private volatile boolean closed;
    private @Nullable Connection verifying;

    /**
     * Creates the reads of a file, which wait for {@link #verify}.
     *
     * @param queued the maximum number of waiting reads; further reads are refused
     * @param onDamagedStructure the callback that runs when the file structure turns out to be damaged
     */
    VerifiedReads(Path file, SqliteState state, RetentionIndex retained, int queued, Runnable onDamagedStructure) {
        this.file = file;
        this.unsummedThrough = state.unsummedThrough();
        this.removed = state.removed();
        this.retained = retained;
        this.onDamagedStructure = onDamagedStructure;
        this.readers = new SqliteReaders(file, queued, this::structureFailed);
    }

    /** Starts to verify the whole file in the background. */
    void verify() {
        verified = readers.background(this::verifyNow).otherwise(failure -> {
            if (!closed) {
                LOG.warn("event=journal-not-verified reason={}", failure.getMessage());
            }
            return null;
        });
    }

    private @Nullable Void verifyNow() throws SQLException {
        long began = System.nanoTime();
        try (Connection connection = Sqlite.reader(file)) {
            verifying(connection);
            Verification.Report report;
            try {
                report = Verification.of(connection, new Rows("x", unsummedThrough), damage, () -> closed);
            } finally {
                verifying(null);
            }
            if (!closed) {
                log(report, (System.nanoTime() - began) / 1_000_000);
                indexesIntact = report.intact();
                if (!report.intact()) {
                    onDamagedStructure.run();
                }
            }
        }
        return null;
    }

    private synchronized void verifying(@Nullable Connection connection) {
        verifying = connection;
    }

    /** Interrupts the current SQL statement of the verification, which may take seconds if the file is large. */
    private synchronized void interrupt() throws SQLException {
        if (verifying != null) {
            verifying.unwrap(SQLiteConnection.class).getDatabase().interrupt();
        }
    }

    private static void log(Verification.Report report, long millis) {
        List<String> findings = report.findings();
        findings.stream()
                .limit(MAX_LOGGED)
                .forEach(finding -> LOG.error("event=journal-damaged finding=\"{}\"", finding));
        if (findings.isEmpty()) {
            LOG.info(
                    "event=journal-verified events={} without_checksum={} ms={}",
                    report.events(),
                    report.unsummed(),
                    millis);
        } else {
            LOG.error("event=journal-damaged findings={} events={}", findings.size(), report.events());
        }
    }

    /**
     * Handles a read that failed because of the file structure: verifies the file again to find out which events can be
     * read.
     */
    private void structureFailed() {
        if (indexesIntact) {
            indexesIntact = false;
            onDamagedStructure.run();
            verify();
        }
    }

    /** Returns a description of the damage; empty if none is known. */
    Optional<String> damage() {
        List<String> all = new ArrayList<>();
        if (removed > 0) {
            all.add(removed + " rows of the state did not match their checksums at the start");
        }
        if (!damage.isEmpty()) {
            all.add(damage.size() + " events are missing or do not match their checksums");
        }
        if (!indexesIntact) {
            all.add("the structure of the file is damaged");
        }
        return all.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", all));
    }

    /** Reads events after a position and up to an offset. */
    Future<Page> read(Cursor after, long end, Selection selection, int limit) {
        return verified.compose(done -> readers.submit(reader -> forward(reader, after, end, selection, limit)));
    }

    private Page forward(SqliteReader reader, Cursor after, long end, Selection selection, int limit)
            throws SQLException {
        while (true) {
            Optional<Damage.Range> next = damage.first(after.offset(), end);
            long start = next.filter(range -> range.from() <= after.offset() + 1)
                    .map(Damage.Range::through)
                    .orElse(after.offset());
            boolean gap = start > after.offset();
            long stop = gap
                    ? damage.first(start, end).map(range -> range.from() - 1).orElse(end)
                    : next.map(range -> range.from() - 1).orElse(end);
            try {
                PageBuilder page = new PageBuilder(selection, retained::retains, limit);
                boolean all = start >= stop
                        || reader.offer(Query.forward(selection, start, stop, indexesIntact), stop, page, rows(after));
                Page read = page.page(after.at(Math.min(start, end)), stop, all, retained.evictedThrough(selection));
                return new Page(
                        read.events(),
                        read.next(),
                        gap || read.gap(),
                        read.next().offset() < end);
            } catch (DamagedRow altered) {
                found(altered);
            }
        }
    }

    /** Reads the last events up to a position, but none that precede damaged events. */
    Future<Page> readLast(Cursor head, Selection selection, int limit) {
        return verified.compose(done -> readers.submit(reader -> {
            while (true) {
                long after =
                        damage.last(head.offset()).map(Damage.Range::through).orElse(0L);
                try {
                    PageBuilder page = new PageBuilder(selection, retained::retains, limit);
                    boolean all = reader.offer(
                            Query.backward(selection, after, head.offset(), indexesIntact),
                            after + 1,
                            page,
                            rows(head));
                    Page last = page.lastPage(head, all);
                    boolean gap = after > 0 && all && last.events().size() < limit;
                    return new Page(last.events(), head, gap, last.more());
                } catch (DamagedRow altered) {
                    found(altered);
                }
            }
        }));
    }

    private void found(DamagedRow row) throws DamagedRow {
        if (!damage.add(new Damage.Range(row.offset(), row.offset()))) {
            throw row;
        }
        LOG.error("event=journal-damaged finding=\"{}\"", row.getMessage());
    }

    private Rows rows(Cursor position) {
        return new Rows(position.epoch(), unsummedThrough);
    }

    /** Cancels the verification, waits for the reads in progress, and closes all connections. Blocks. */
    void close() throws SQLException, InterruptedException {
        closed = true;
        interrupt();
        readers.close();
    }
}
