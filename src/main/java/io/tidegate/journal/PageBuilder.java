package io.tidegate.journal;

import io.tidegate.event.Cursor;
import io.tidegate.event.Event;
import io.tidegate.event.Selection;
import java.util.ArrayList;
import java.util.List;

/** Collects the events of one read until one of its limits is met. Owned by one call. */
final class PageBuilder {

    private final Cursor after;
    private final long through;
    private final Selection selection;
    private final int limit;
    private final List<Event> events = new ArrayList<>();
    private int weight;

    PageBuilder(Cursor after, long through, Selection selection, int limit) {
        this.after = after;
        this.through = through;
        this.selection = selection;
        this.limit = limit;
    }

    /** Takes an event if it matches; false when the page is full and needs no further event. */
    boolean offer(Event event) {
        if (selection.matches(event)) {
            events.add(event);
            weight += event.weight();
        }
        return events.size() < limit && weight < Journal.PAGE_WEIGHT;
    }

    /**
     * The page when the whole range was offered.
     *
     * @param evictedThrough what retention had taken when the last event had been read, not before
     */
    Page complete(long evictedThrough) {
        return page(after.at(Math.max(after.offset(), through)), evictedThrough);
    }

    /** The page when {@link #offer} said that it is full; the parameter as in {@link #complete}. */
    Page full(long evictedThrough) {
        return page(events.get(events.size() - 1).cursor(), evictedThrough);
    }

    private Page page(Cursor next, long evictedThrough) {
        return new Page(events, next, after.offset() < evictedThrough, next.offset() < through);
    }
}
