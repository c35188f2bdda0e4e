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

/**
 * The parts of a journal that are kept in memory, regardless of where the events are stored: the head, the retention
 * index and the latest state. The writer updates them; any thread may read them.
 */
public abstract class History implements Journal {

    protected final RetentionIndex retained;
    protected final LatestStates latest;
    private volatile Cursor head;

    protected History(Cursor head, RetentionIndex retained, LatestStates latest) {
        this.head = head;
        this.retained = retained;
        this.latest = latest;
    }

    @Override
    public final Cursor head() {
        return head;
    }

    @Override
    public final ResumeStatus resumeStatus(Cursor cursor, Selection selection) {
        return ResumeStatus.of(cursor, head, retained.evictedThrough(selection));
    }

    @Override
    public final Cursor oldest(Selection selection) {
        return head.at(retained.evictedThrough(selection));
    }

    @Override
    public final Snapshot latest(Kind kind) {
        return latest.snapshot(kind);
    }

    @Override
    public final Optional<Event> latest(Kind kind, String key) {
        return latest.get(kind, key);
    }

    /** Sets the head. All events up to the new head must already be readable. */
    protected final void head(Cursor newHead) {
        head = newHead;
    }

    /** Returns a builder for the page of one read. */
    protected final PageBuilder page(Selection selection, int limit) {
        return new PageBuilder(selection, retained::retains, limit);
    }
}
