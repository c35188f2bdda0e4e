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
 * The history in one SQLite file, written by a thread of its own, one transaction per commit. Readers that are a little
 * behind are answered from heap at once, others by two threads that read the file.
 *
 * <p>A commit that holds an event of durability {@code fsync} forces the log of the database to the disk, and with it all
 * commits before. Others do not: {@code process}, and {@code memory}, which promises less. Where there are such kinds, a
 * new epoch begins after a power cut.
 */
public final class SqliteJournal extends History {

    private static final Logger LOG = LoggerFactory.getLogger(SqliteJournal.class);
    /** A write no longer ago than this proves that the next one can be done. */
    private static final long PROOF_MILLIS = 1_000;

    private final DataFolder folder;
    private final HeadFile mark;
    private final Clock clock;
    private final Workers writing;
    private final SqliteReaders readers;
    private final SqliteStore store;
    private final RecentEvents ring;
    private volatile long provenAt = Long.MIN_VALUE;
    private volatile boolean closed;
    private volatile boolean damaged;
    /** Of the writer thread: whether a step of retention is queued. */
    private boolean retaining;

    private SqliteJournal(
            DataFolder folder,
            HeadFile mark,
            SqliteState state,
            JournalOptions options,
            Clock clock,
            SqliteStore.Disk disk,
            Workers writing) {
        super(state.head(), new RetentionIndex(state.extents()), new LatestStates(state.head(), state.latest()));
        this.folder = folder;
        this.mark = mark;
        this.clock = clock;
        this.writing = writing;
        this.store = new SqliteStore(folder.database(), options, clock, disk, holdings, latest);
        this.ring = new RecentEvents(
                options.recentEvents(),
                options.recentBytes(),
                head().offset() - state.recent().size());
        state.recent().forEach(ring::add);
        this.readers = new SqliteReaders(folder.database(), options.queuedReads(), this::foundDamage);
        store.check();
        mark.write(head());
    }

    /**
     * Opens the history in a folder, or begins one. Any thread; the work is done on the journal's own.
     *
     * @param folder of one process alone; made, readable by its owner only, where it is missing
     * @return fails with {@link JournalException}, the message naming the folder, when it is in use by another process,
     *     cannot be written, or holds something that is not a journal of this version
     */
    public static Future<SqliteJournal> open(Path folder, JournalOptions options, Clock clock) {
        return open(folder, options, clock, new SqliteStore.Disk());
    }

    static Future<SqliteJournal> open(Path folder, JournalOptions options, Clock clock, SqliteStore.Disk disk) {
        Workers writing = new Workers("tidegate-journal-writer", 1, Integer.MAX_VALUE);
        return writing.submit(() -> openHere(folder, options, clock, disk, writing))
                .onFailure(failed -> writing.close());
    }

    private static SqliteJournal openHere(
            Path path, JournalOptions options, Clock clock, SqliteStore.Disk disk, Workers writing) throws Exception {
        DataFolder folder = DataFolder.open(path);
        try {
            HeadFile mark = new HeadFile(folder.mark());
            SqliteState state = SqliteState.open(folder, options, mark.read());
            return new SqliteJournal(folder, mark, state, options, clock, disk, writing);
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
                return committedAfterAll(e);
            }
            latest.apply(done.numbering().events(), done.dropped());
            show(done.numbering());
            provenAt = clock.millis();
            if (done.more()) {
                retainLater();
            }
            return done.numbering().receipts();
        });
    }

    /** The answers when only the answer of the disk failed; else the failure. */
    private List<Receipt> committedAfterAll(JournalException failure) {
        try {
            Optional<OffsetAssigner<SQLException>> committed = store.settle(head());
            committed.ifPresent(this::show);
            return committed.orElseThrow(() -> failure).receipts();
        } catch (JournalException unsettled) {
            if (unsettled != failure) {
                failure.addSuppressed(unsettled);
            }
            throw failure;
        }
    }

    /** In this order: who learns of the head finds the events. */
    private void show(OffsetAssigner<?> committed) {
        committed.events().forEach(ring::add);
        head(committed.head());
        mark.write(head());
    }

    @Override
    public Future<Page> read(Cursor after, long through, Selection selection, int limit) {
        long end = Math.min(through, head().offset());
        PageBuilder recent = page(selection, limit);
        Optional<Boolean> whole = ring.offer(recent, after.offset(), end);
        if (whole.isPresent()) {
            return Future.succeededFuture(recent.page(after, end, whole.get(), holdings.evictedThrough(selection)));
        }
        return readers.submit(reader -> {
            PageBuilder page = page(selection, limit);
            boolean all = reader.offer(Query.onwards(selection, after.offset(), end), page, head().epoch());
            return page.page(after, end, all, holdings.evictedThrough(selection));
        });
    }

    @Override
    public Future<Page> readLast(Selection selection, int limit) {
        Cursor end = head();
        PageBuilder recent = page(selection, limit);
        Optional<Boolean> whole = ring.offerBackwards(recent, end.offset());
        if (whole.isPresent()) {
            return Future.succeededFuture(recent.lastPage(end, whole.get()));
        }
        return readers.submit(reader -> {
            PageBuilder page = page(selection, limit);
            boolean all = reader.offer(Query.backwards(selection, end.offset()), page, end.epoch());
            return page.lastPage(end, all);
        });
    }

    @Override
    public Future<Void> retain() {
        return onWriter(this::retainStep).compose(more -> more ? retain() : Future.<Void>succeededFuture());
    }

    @Override
    public Future<Void> check() {
        long since = clock.millis() - provenAt;
        if (since >= 0 && since < PROOF_MILLIS) {
            return Future.succeededFuture();
        }
        return onWriter(() -> {
            store.check();
            provenAt = clock.millis();
            return null;
        });
    }

    @Override
    public Future<Void> close() {
        return writing.submit(this::closeHere).onComplete(done -> writing.close());
    }

    private @Nullable Void closeHere() throws Exception {
        if (!closed) {
            closed = true;
            try (folder;
                    mark) {
                readers.close();
                store.close();
                if (store.settled()) {
                    SqliteState.closed(folder);
                }
            }
        }
        return null;
    }

    /** Runs something on the writer thread with its connection, for tests of what only the connection knows. */
    <T> Future<T> onConnection(SqliteStore.Work<T> work) {
        return onWriter(() -> store.transaction("the test's work failed", Durability.PROCESS, work));
    }

    private boolean retainStep() {
        LatestStates.Dropped dropped = new LatestStates.Dropped();
        boolean more = store.retain(dropped);
        latest.apply(List.of(), dropped);
        return more;
    }

    /** Goes on with what a commit left over, one step at a time, so that commits that wait come in between. */
    private void retainLater() {
        if (!retaining) {
            retaining = true;
            onWriter(() -> {
                        retaining = false;
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

    /** Nothing more is written to a damaged file, which might take what is whole with it. Reads go on. */
    private void foundDamage() {
        if (!damaged) {
            damaged = true;
            LOG.error("event=journal-damaged reason=\"{}\"", Sqlite.damageReport(folder.database()));
        }
    }

    private <T> Future<T> onWriter(Callable<T> work) {
        return writing.submit(() -> {
            try {
                if (closed) {
                    throw new JournalException(Code.STORAGE_UNAVAILABLE, Workers.CLOSED);
                }
                if (damaged) {
                    throw new JournalException(Code.STORAGE_UNAVAILABLE, Sqlite.damageReport(folder.database()));
                }
                store.settle(head()).ifPresent(this::show);
                return work.call();
            } catch (Exception e) {
                provenAt = Long.MIN_VALUE;
                if (Sqlite.damaged(e.getCause())) {
                    foundDamage();
                }
                throw e;
            }
        });
    }
}
