package io.tidegate.deploy;

import io.tidegate.event.Cursor;
import io.tidegate.event.Event;
import io.tidegate.event.Kind;
import io.tidegate.event.Selection;
import io.tidegate.journal.Append;
import io.tidegate.journal.Journal;
import io.tidegate.journal.Page;
import io.tidegate.journal.Receipt;
import io.tidegate.journal.Snapshot;
import io.tidegate.journal.Standing;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** A journal whose disk fails for the events of one type, as often as it is told. */
final class RefusingJournal implements Journal {

    private final Journal journal;
    private volatile String type = "";
    private final AtomicInteger times = new AtomicInteger();
    private final Promise<Void> refused = Promise.promise();

    RefusingJournal(Journal journal) {
        this.journal = journal;
    }

    void refuse(String eventType, int commits) {
        type = eventType;
        times.set(commits);
    }

    /** How many of the announced refusals are still to come. */
    int left() {
        return times.get();
    }

    /** Completes with the first refusal. */
    Future<Void> refused() {
        return refused.future();
    }

    @Override
    public Future<List<Receipt>> commit(List<Append> appends) {
        boolean concerned = appends.stream()
                .flatMap(append -> append.drafts().stream())
                .anyMatch(draft -> draft.type().name().equals(type));
        if (concerned && times.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
            refused.tryComplete();
            return Future.failedFuture("disk gone");
        }
        return journal.commit(appends);
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
