package io.tidegate.journal.history;

import io.tidegate.event.Cursor;
import io.tidegate.event.Event;
import io.tidegate.event.Kind;
import io.tidegate.event.Selection;
import io.tidegate.journal.Journal;
import io.tidegate.journal.ResumeStatus;
import io.tidegate.journal.Snapshot;
import io.tidegate.journal.retention.RetentionIndex;
import java.util.Optional;

/** What every journal answers from heap, wherever its events are: its head, where a cursor stands, the latest state. */
public abstract class History implements Journal {

    protected final RetentionIndex holdings;
    protected final LatestStates latest;
    private volatile Cursor head;

    protected History(Cursor head, RetentionIndex holdings, LatestStates latest) {
        this.head = head;
        this.holdings = holdings;
        this.latest = latest;
    }

    @Override
    public final Cursor head() {
        return head;
    }

    @Override
    public final ResumeStatus resumeStatus(Cursor cursor, Selection selection) {
        return ResumeStatus.of(cursor, head, holdings.evictedThrough(selection));
    }

    @Override
    public final Cursor oldest(Selection selection) {
        return head.at(holdings.evictedThrough(selection));
    }

    @Override
    public final Snapshot latest(Kind kind) {
        return latest.snapshot(kind);
    }

    @Override
    public final Optional<Event> latest(Kind kind, String key) {
        return latest.get(kind, key);
    }

    /** Shows a new head, once whoever learns of it finds everything up to it. */
    protected final void head(Cursor reached) {
        head = reached;
    }

    /** An empty page for one read. */
    protected final PageBuilder page(Selection selection, int limit) {
        return new PageBuilder(selection, holdings::holds, limit);
    }
}
