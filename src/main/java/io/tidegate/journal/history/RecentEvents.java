package io.tidegate.journal.history;

import io.tidegate.event.Event;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Keeps the newest events of all kinds in memory, limited in number and total weight. Their offsets are consecutive, so
 * an event's offset determines its slot. One thread adds events; any other thread can read an event if it learned the
 * event's offset after the event was added.
 */
public final class RecentEvents {

    private final AtomicReferenceArray<Event> slots;
    private final long maxWeight;
    private long weight;
    private long newest;
    private volatile long evictedThrough;

    /**
     * Creates an empty buffer.
     *
     * @param capacity the maximum number of events
     * @param maxWeight the maximum total {@link Event#weight()}
     * @param head the offset of the event that precedes the first event to be added
     */
    public RecentEvents(int capacity, long maxWeight, long head) {
        this.slots = new AtomicReferenceArray<>(Math.max(1, capacity));
        this.maxWeight = maxWeight;
        this.newest = head;
        this.evictedThrough = head;
    }

    /** Adds the next event of the history, and evicts the oldest events as needed. */
    public void add(Event event) {
        newest = event.offset();
        weight += event.weight();
        while (newest - evictedThrough > slots.length() || weight > maxWeight && evictedThrough < newest - 1) {
            evictOldest();
        }
        slots.set(slot(newest), event);
    }

    private void evictOldest() {
        long oldest = evictedThrough + 1;
        // The mark must be raised before the event is removed, so that a reader that does not find the event sees the
        // mark.
        evictedThrough = oldest;
        weight -= slots.getAndSet(slot(oldest), null).weight();
    }

    /** Returns the offset after which no events have been evicted. */
    long evictedThrough() {
        return evictedThrough;
    }

    /** Returns the event at an offset; empty if the event was evicted or has not been added yet. */
    Optional<Event> at(long offset) {
        Event event = slots.get(slot(offset));
        return event != null && event.offset() == offset ? Optional.of(event) : Optional.empty();
    }

    /**
     * Offers the events in a range to a page.
     *
     * @param after the offset before the first event of the range
     * @param through the offset of the last event of the range
     * @return whether the whole range was offered before the page was full; empty if events in the range have been
     *     evicted
     */
    public Optional<Boolean> offer(PageBuilder page, long after, long through) {
        if (after < evictedThrough) {
            return Optional.empty();
        }
        long offset = after + 1;
        for (; offset <= through && !page.full(); offset++) {
            Optional<Event> event = at(offset);
            if (event.isEmpty()) {
                return Optional.empty();
            }
            page.offer(event.get());
        }
        return Optional.of(offset > through);
    }

    /**
     * Offers events backwards from an offset until the page is full.
     *
     * @return whether all events back to the first one of the history were offered; empty if an event that was needed
     *     has been evicted
     */
    public Optional<Boolean> offerBackwards(PageBuilder page, long from) {
        long offset = from;
        for (; offset > 0 && !page.full(); offset--) {
            Optional<Event> event = at(offset);
            if (event.isEmpty()) {
                return Optional.empty();
            }
            page.offer(event.get());
        }
        return Optional.of(offset == 0);
    }

    private int slot(long offset) {
        return (int) (offset % slots.length());
    }
}
