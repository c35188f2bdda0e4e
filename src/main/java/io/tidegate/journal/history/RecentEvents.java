package io.tidegate.journal.history;

import io.tidegate.event.Event;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The newest events of all kinds in memory, bounded in number and weight. Their offsets are consecutive, so the offset
 * of an event determines its slot. One thread adds events; any thread can read an event that was added before the
 * thread learned its offset.
 */
public final class RecentEvents {

    private final AtomicReferenceArray<Event> slots;
    private final long maxWeight;
    private long weight;
    private long newest;
    private volatile long evictedThrough;

    /**
     * @param capacity the maximum number of events
     * @param maxWeight the maximum total weight, in {@link Event#weight()}
     * @param head the offset of the last event of the history before the first event that is added
     */
    public RecentEvents(int capacity, long maxWeight, long head) {
        this.slots = new AtomicReferenceArray<>(Math.max(1, capacity));
        this.maxWeight = maxWeight;
        this.newest = head;
        this.evictedThrough = head;
    }

    /** Adds the next event of the history, and evicts the oldest ones as needed. */
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
        // The mark must change before the event is removed: a reader that misses the event then sees the mark.
        evictedThrough = oldest;
        weight -= slots.getAndSet(slot(oldest), null).weight();
    }

    /** Returns the offset after which no event has been evicted. */
    long evictedThrough() {
        return evictedThrough;
    }

    /** Returns the event at an offset; empty if it was evicted or has not been added yet. */
    Optional<Event> at(long offset) {
        Event event = slots.get(slot(offset));
        return event != null && event.offset() == offset ? Optional.of(event) : Optional.empty();
    }

    /**
     * Offers the events of a range to a page.
     *
     * @param after the offset before the range, exclusive
     * @param through the last offset of the range, inclusive
     * @return whether the whole range was offered before the page was full; empty if events of the range have been
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
     * Offers the events from an offset backwards until the page is full.
     *
     * @return whether all events back to the first of the history were offered; empty if older ones have been evicted
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
