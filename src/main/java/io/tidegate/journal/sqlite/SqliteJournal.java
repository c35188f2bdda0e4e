package io.tidegate.journal.sqlite;

import io.tidegate.event.Cursor;
import io.tidegate.event.Selection;
import io.tidegate.journal.Append;
import io.tidegate.journal.Durability;
import io.tidegate.journal.JournalException;
import io.tidegate.journal.Page;
import io.tidegate.journal.Receipt;
import io.tidegate.journal.history.History;
import io.tidegate.journal.history.JournalOptions;
import io.tidegate.journal.history.LatestStates;
import io.tidegate.journal.history.OffsetAssigner;
import io.tidegate.journal.history.PageBuilder;
import io.tidegate.journal.history.RecentEvents;
import io.tidegate.journal.retention.RetentionIndex;
import io.tidegate.problem.Code;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A journal in one SQLite file. A dedicated thread writes to the file, with one transaction for each commit. Readers
 * that are slightly behind are served from memory; other readers are served by two threads that read the file.
 *
 * <p>A commit that contains an event with durability {@code fsync} forces the write-ahead log, including all earlier
 * commits, to disk. Commits with durability {@code process} or {@code memory} do not. If any kind has one of the latter
 * durabilities, a new epoch begins after a power failure.
 */
public final class SqliteJournal extends History {

    private static final Logger LOG = LoggerFactory.getLogger(SqliteJournal.class);
    /** How long, in milliseconds, a successful write counts as proof that the journal can write. */
    private static final long PROOF_MILLIS = 1_000;

    private final DataFolder folder;
    private final HeadFile headFile;
    private final Clock clock;
    private final Workers writer;
    private final VerifiedReads reads;
    private final SqliteStore store;
    private final JournalOptions options;
    private volatile RecentEvents recentEvents;
    private volatile long lastProofMillis = Long.MIN_VALUE;
    private volatile boolean closed;
    private volatile boolean damaged;
    /** Whether a retention step is queued. Used only by the writer thread. */
    private boolean retentionQueued;

    private SqliteJournal(
            DataFolder folder,
            HeadFile headFile,
            SqliteState state,
            JournalOptions options,
            Clock clock,
            Disk disk,
            Workers writer) {
        super(state.head(), new RetentionIndex(state.ranges()), new LatestStates(state.head(), state.latest()));
        this.folder = folder;
        this.headFile = headFile;
        this.clock = clock;
        this.writer = writer;
        this.store = new SqliteStore(folder.database(), options, clock, disk, retained, latest);
        this.options = options;
        this.recentEvents = options.ring(head().offset() - state.recent().size());
        state.recent().forEach(recentEvents::add);
        this.reads = new VerifiedReads(folder.database(), state, retained, options.queuedReads(), this::markDamaged);
        store.check();
        headFile.write(head());
        reads.verify();
    }

    /**
     * Opens or creates the journal in a folder. May be called from any thread; the work is done on the writer thread.
     *
     * @param folder the data folder, which only one process may use; if it does not exist, it is created with
     *     permissions for its owner only
     * @return a future that fails with {@link JournalException} if the folder is in use by another process, cannot be
     *     written, or contains anything other than a journal of this version; the message contains the folder
     */
    public static Future<SqliteJournal> open(Path folder, JournalOptions options, Clock clock) {
        return open(folder, options, clock, new Disk());
    }

    static Future<SqliteJournal> open(Path folder, JournalOptions options, Clock clock, Disk disk) {
        Workers writer = new Workers("tidegate-journal-writer", 1, Integer.MAX_VALUE);
        return writer.submit(() -> openOnWriter(folder, options, clock, disk, writer))
                .onFailure(failed -> writer.close());
    }

    private static SqliteJournal openOnWriter(Path path, JournalOptions options, Clock clock, Disk disk, Workers writer)
            throws Exception {
        DataFolder folder = DataFolder.open(path);
        try {
            HeadFile headFile = new HeadFile(folder.headFile());
            SqliteState state = SqliteState.open(folder, options, headFile.read());
            return new SqliteJournal(folder, headFile, state, options, clock, disk, writer);
        } catch (IOException | RuntimeException | Error e) {
            folder.close();
            throw e;
        }
    }

    @Override
    public Future<List<Receipt>> commit(List<Append> appends) {
        return onWriter(() -> {
            SqliteStore.Done done;
            try {
                done = store.commit(appends, head());
            } catch (JournalException e) {
                return receiptsIfCommitted(e);
            }
            latest.apply(done.assigned().events(), done.dropped());
            makeVisible(done.assigned());
            lastProofMillis = clock.millis();
            if (done.moreToRemove()) {
                retainLater();
            }
            return done.assigned().receipts();
        });
    }

    /**
     * Returns the receipts if the transaction was committed even though its commit reported a failure.
     *
     * @throws JournalException if the transaction was not committed; this is the given failure
     */
    private List<Receipt> receiptsIfCommitted(JournalException failure) {
        try {
            return settle().orElseThrow(() -> failure).receipts();
        } catch (JournalException unresolved) {
            if (unresolved != failure) {
                failure.addSuppressed(unresolved);
            }
            throw failure;
        }
    }

    /** Determines the outcome of a failed commit, if there was one. Returns the commit if it turned out to succeed. */
    private Optional<OffsetAssigner<SQLException>> settle() {
        SqliteStore.Outcome outcome = store.settle(head());
        outcome.begun().ifPresent(begin -> {
            recentEvents = options.ring(begin.offset());
            head(begin);
            headFile.write(begin);
            reads.verify();
        });
        outcome.committed().ifPresent(this::makeVisible);
        return outcome.committed();
    }

    /**
     * Makes a commit's events visible. The order matters, because a reader that sees the new head must find the events.
     */
    private void makeVisible(OffsetAssigner<?> committed) {
        committed.events().forEach(recentEvents::add);
        head(committed.head());
        headFile.write(head());
    }

    @Override
    public Future<Page> read(Cursor after, long through, Selection selection, int limit) {
        if (!after.epoch().equals(head().epoch())) {
            return Future.failedFuture(
                    new JournalException(Code.STORAGE_UNAVAILABLE, "the history of " + after + " has ended"));
        }
        long end = Math.min(through, head().offset());
        PageBuilder recent = page(selection, limit);
        Optional<Boolean> whole = recentEvents.offer(recent, after.offset(), end);
        if (whole.isPresent()) {
            return Future.succeededFuture(recent.page(after, end, whole.get(), retained.evictedThrough(selection)));
        }
        return reads.read(after, end, selection, limit);
    }

    @Override
    public Future<Page> readLast(Selection selection, int limit) {
        Cursor end = head();
        PageBuilder recent = page(selection, limit);
        Optional<Boolean> whole = recentEvents.offerBackwards(recent, end.offset());
        if (whole.isPresent()) {
            return Future.succeededFuture(recent.lastPage(end, whole.get()));
        }
        return reads.readLast(end, selection, limit);
    }

    @Override
    public Optional<String> damage() {
        return reads.damage();
    }

    @Override
    public Future<Void> retain() {
        return onWriter(this::retainStep).compose(more -> more ? retain() : Future.<Void>succeededFuture());
    }

    @Override
    public Future<Void> check() {
        long since = clock.millis() - lastProofMillis;
        if (since >= 0 && since < PROOF_MILLIS) {
            return Future.succeededFuture();
        }
        return onWriter(() -> {
            store.check();
            lastProofMillis = clock.millis();
            return null;
        });
    }

    @Override
    public Future<Void> close() {
        return writer.submit(this::closeOnWriter).onComplete(done -> writer.close());
    }

    private @Nullable Void closeOnWriter() throws Exception {
        if (!closed) {
            closed = true;
            try (folder;
                    headFile) {
                reads.close();
                store.close();
                if (store.settled()) {
                    SqliteState.markSynced(folder);
                }
            }
        }
        return null;
    }

    /** Runs work in a transaction on the writer thread. Tests use this to inspect the connection. */
    <T> Future<T> onConnection(SqliteStore.Work<T> work) {
        return onWriter(() -> store.transaction("the test's work failed", Durability.PROCESS, work));
    }

    private boolean retainStep() {
        LatestStates.Dropped dropped = new LatestStates.Dropped();
        boolean more = store.retain(dropped);
        latest.apply(List.of(), dropped);
        return more;
    }

    /**
     * Queues the remaining retention work after a commit, one step at a time, so that waiting commits can run in
     * between.
     */
    private void retainLater() {
        if (!retentionQueued) {
            retentionQueued = true;
            onWriter(() -> {
                        retentionQueued = false;
                        if (retainStep()) {
                            retainLater();
                        }
                        return null;
                    })
                    .onFailure(e -> {
                        if (!closed) {
                            LOG.warn("event=retention-failed reason={}", e.getMessage());
                        }
                    });
        }
    }

    /** Stops all writes to the damaged file, because they might destroy data that is still intact. Reads continue. */
    private void markDamaged() {
        if (!damaged) {
            damaged = true;
            LOG.error("event=journal-damaged reason=\"{}\"", Sqlite.damageReport(folder.database()));
        }
    }

    private <T> Future<T> onWriter(Callable<T> work) {
        return writer.submit(() -> {
            try {
                if (closed) {
                    throw new JournalException(Code.STORAGE_UNAVAILABLE, Workers.CLOSED);
                }
                if (damaged) {
                    throw new JournalException(Code.STORAGE_UNAVAILABLE, Sqlite.damageReport(folder.database()));
                }
                settle();
                return work.call();
            } catch (Exception e) {
                lastProofMillis = Long.MIN_VALUE;
                if (Sqlite.damaged(e.getCause())) {
                    markDamaged();
                }
                throw e;
            }
        });
    }
}
