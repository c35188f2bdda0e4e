package io.tidegate.journal.history;

import io.tidegate.event.Event;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The newest events of all kinds in heap, bounded by count and weight. Their offsets have no holes, so an event's place
 * is its offset. One thread adds; any thread reads what was added before it learned of the offset.
 */
public final class RecentEvents {

    private final AtomicReferenceArray<Event> places;
    private final long maxWeight;
    private long weight;
    private long newest;
    private volatile long evictedThrough;

    /**
     * @param capacity how many events at most
     * @param maxWeight how much they may weigh together, in {@link Event#weight()}
     * @param head offset of the last event of the history, which is not here
     */
    public RecentEvents(int capacity, long maxWeight, long head) {
        this.places = new AtomicReferenceArray<>(Math.max(1, capacity));
        this.maxWeight = maxWeight;
        this.newest = head;
        this.evictedThrough = head;
    }

    /** Takes the next event of the history. */
    public void add(Event event) {
        newest = event.offset();
        weight += event.weight();
        while (newest - evictedThrough > places.length() || weight > maxWeight && evictedThrough < newest - 1) {
            evictOldest();
        }
        places.set(place(newest), event);
    }

    private void evictOldest() {
        long oldest = evictedThrough + 1;
        // First the mark, then the event: a reader that misses the event sees the mark.
        evictedThrough = oldest;
        weight -= places.getAndSet(place(oldest), null).weight();
    }

    /** Everything after this offset is here. */
    long evictedThrough() {
        return evictedThrough;
    }

    /** The event at an offset; empty when it was evicted or is not here yet. */
    Optional<Event> at(long offset) {
        Event event = places.get(place(offset));
        return event != null && event.offset() == offset ? Optional.of(event) : Optional.empty();
    }

    /**
     * Offers the events after one offset through another to a page.
     *
     * @return whether the range was offered whole before the page was full; empty when events of it were evicted
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
     * Offers the events from an offset downwards until the page is full.
     *
     * @return whether the history was offered whole; empty when it goes on beyond what is here
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

    private int place(long offset) {
        return (int) (offset % places.length());
    }
}
