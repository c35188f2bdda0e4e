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

/** Collects the events of one read until a limit is reached. Used by one read only. */
public final class PageBuilder {

    private final Selection selection;
    private final Predicate<Event> retained;
    private final int limit;
    private final List<Event> events = new ArrayList<>();
    private int weight;
    private int scanned;
    private long lastScanned;

    /**
     * Creates a builder.
     *
     * @param retained tests whether an event is still retained
     */
    public PageBuilder(Selection selection, Predicate<Event> retained, int limit) {
        this.selection = selection;
        this.retained = retained;
        this.limit = Math.max(1, limit);
    }

    /**
     * Examines the next event of the read, whose data may not have been loaded yet, and returns whether the event
     * belongs on the page.
     */
    public boolean wants(Event event) {
        scanned++;
        lastScanned = event.offset();
        return selection.matches(event) && retained.test(event);
    }

    void offer(Event event) {
        if (wants(event)) {
            add(event);
        }
    }

    public void add(Event event) {
        events.add(event);
        weight += event.weight();
    }

    /** Returns whether a limit has been reached and the page can take no more events. */
    public boolean full() {
        return events.size() >= limit || weight >= Journal.PAGE_WEIGHT || scannedAll();
    }

    /** Returns whether the read has examined the maximum number of events. */
    public boolean scannedAll() {
        return scanned >= Journal.SCAN;
    }

    /**
     * Offers events in the order of the read. Returns false if the page became full before all of them had been
     * offered.
     */
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
     * Returns the page of a forward read.
     *
     * @param whole whether every event in the range was examined
     * @param evictedThrough the eviction mark, which must be obtained after the last event was read
     */
    public Page page(Cursor after, long through, boolean whole, long evictedThrough) {
        Cursor next = after.at(Math.max(after.offset(), whole ? through : lastScanned));
        return new Page(events, next, after.offset() < evictedThrough, next.offset() < through);
    }

    /** Returns the page of a backward read from the head. */
    public Page lastPage(Cursor head, boolean whole) {
        Collections.reverse(events);
        return new Page(events, head, false, !whole && events.size() < limit);
    }
}
