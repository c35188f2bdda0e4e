package io.tidegate.journal.history;

import io.tidegate.event.Cursor;
import io.tidegate.event.Event;
import io.tidegate.event.Selection;
import io.tidegate.journal.Journal;
import io.tidegate.journal.Page;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Predicate;

/** Collects the events of one read until one of its limits is met. Owned by one call. */
public final class PageBuilder {

    private final Selection selection;
    private final Predicate<Event> held;
    private final int limit;
    private final List<Event> events = new ArrayList<>();
    private int weight;
    private int scanned;
    private long lastLookedAt;

    /** @param held whether retention has left an event in place */
    public PageBuilder(Selection selection, Predicate<Event> held, int limit) {
        this.selection = selection;
        this.held = held;
        this.limit = Math.max(1, limit);
    }

    /** Looks at the next event, of which the data may still be missing: whether it belongs on the page. */
    public boolean wants(Event event) {
        scanned++;
        lastLookedAt = event.offset();
        return selection.matches(event) && held.test(event);
    }

    void offer(Event event) {
        if (wants(event)) {
            take(event);
        }
    }

    public void take(Event event) {
        events.add(event);
        weight += event.weight();
    }

    /** Whether the page needs no further event. */
    public boolean full() {
        return events.size() >= limit || weight >= Journal.PAGE_WEIGHT || scannedAll();
    }

    /** Whether the read looked at as many events as one may. */
    public boolean scannedAll() {
        return scanned >= Journal.SCAN;
    }

    /** Offers events in the order of the read; false when the page was full before they ended. */
    public boolean offerAll(Iterable<Event> source) {
        for (Event event : source) {
            if (full()) {
                return false;
            }
            offer(event);
        }
        return true;
    }

    /**
     * The page of a read onwards.
     *
     * @param whole whether everything in the range was looked at
     * @param evictedThrough what retention had taken when the last event had been read, not before
     */
    public Page page(Cursor after, long through, boolean whole, long evictedThrough) {
        Cursor next = after.at(Math.max(after.offset(), whole ? through : lastLookedAt));
        return new Page(events, next, after.offset() < evictedThrough, next.offset() < through);
    }

    /** The page of a read backwards from the head. */
    public Page lastPage(Cursor head, boolean whole) {
        Collections.reverse(events);
        return new Page(events, head, false, !whole && events.size() < limit);
    }
}
