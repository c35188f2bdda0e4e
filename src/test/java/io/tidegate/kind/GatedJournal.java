package io.tidegate.kind;

import io.tidegate.event.Cursor;
import io.tidegate.event.Event;
import io.tidegate.event.Kind;
import io.tidegate.event.Selection;
import io.tidegate.journal.Append;
import io.tidegate.journal.Journal;
import io.tidegate.journal.MemoryJournal;
import io.tidegate.journal.Page;
import io.tidegate.journal.Receipt;
import io.tidegate.journal.Snapshot;
import io.tidegate.journal.Standing;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** A journal in memory whose commits are counted, and can be held back or made to fail. */
public final class GatedJournal implements Journal {

    private final Journal journal = new MemoryJournal(Clock.systemUTC(), Map.of());
    public final AtomicInteger commits = new AtomicInteger();
    public volatile boolean failing;
    public volatile Future<Void> gate = Future.succeededFuture();

    /** Holds commits back until the promise is completed. */
    public Promise<Void> hold() {
        Promise<Void> promise = Promise.promise();
        gate = promise.future();
        return promise;
    }

    @Override
    public Future<List<Receipt>> commit(List<Append> appends) {
        commits.incrementAndGet();
        return failing ? Future.failedFuture("the disk is on fire") : gate.compose(opened -> journal.commit(appends));
    }

    @Override
    public Cursor head() {
        return journal.head();
    }

    @Override
    public Standing standing(Cursor cursor, Selection selection) {
        return journal.standing(cursor, selection);
    }

    @Override
    public Cursor oldest(Selection selection) {
        return journal.oldest(selection);
    }

    @Override
    public Future<Page> read(Cursor after, long through, Selection selection, int limit) {
        return journal.read(after, through, selection, limit);
    }

    @Override
    public Future<Page> readLast(Selection selection, int limit) {
        return journal.readLast(selection, limit);
    }

    @Override
    public Snapshot latest(Kind kind) {
        return journal.latest(kind);
    }

    @Override
    public Optional<Event> latest(Kind kind, String key) {
        return journal.latest(kind, key);
    }

    @Override
    public Future<Void> retain() {
        return journal.retain();
    }

    @Override
    public Future<Void> check() {
        return journal.check();
    }

    @Override
    public Future<Void> close() {
        return journal.close();
    }
}
