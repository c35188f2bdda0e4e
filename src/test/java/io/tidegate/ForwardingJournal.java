package io.tidegate;

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
import java.util.List;
import java.util.Optional;

/** A real journal of which a test changes one thing. */
public abstract class ForwardingJournal implements Journal {

    private final Journal journal;

    protected ForwardingJournal(Journal journal) {
        this.journal = journal;
    }

    @Override
    public Future<List<Receipt>> commit(List<Append> appends) {
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
