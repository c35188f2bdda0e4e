package io.tidegate.journal;

import io.tidegate.event.Event;
import io.tidegate.event.Selection;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * The newest events in heap, bounded by count and weight. One thread adds and evicts; any thread reads, and a reader
 * sees what was added before it learned of the offset.
 */
final class Ring {

    private final NavigableMap<Long, Event> events = new ConcurrentSkipListMap<>();
    private long weight;
    private int size;
    private volatile long evictedThrough;

    /** @param evictedThrough offset of the last event that is known not to be here */
    Ring(long evictedThrough) {
        this.evictedThrough = evictedThrough;
    }

    void add(Event event) {
        events.put(event.offset(), event);
        weight += event.weight();
        size++;
    }

    /** Takes the oldest event away. */
    void evictOldest() {
        Event event = oldest();
        // First the mark, then the event: a reader that misses the event sees the mark.
        evictedThrough = event.offset();
        weight -= event.weight();
        size--;
        events.remove(event.offset());
    }

    Event oldest() {
        return events.firstEntry().getValue();
    }

    int size() {
        return size;
    }

    long weight() {
        return weight;
    }

    /** Everything after this offset is here. */
    long evictedThrough() {
        return evictedThrough;
    }

    /** The events after one offset through another, oldest first, not copied. */
    Iterable<Event> between(long after, long through) {
        return after >= through
                ? List.of()
                : events.subMap(after, false, through, true).values();
    }

    Iterable<Event> newestFirst() {
        return events.descendingMap().values();
    }

    /** Collects the last matching events of an iteration from newest to oldest, and gives them oldest first. */
    static List<Event> last(Iterable<Event> newestFirst, Selection selection, int limit) {
        List<Event> found = new ArrayList<>();
        for (Event event : newestFirst) {
            if (found.size() == limit) {
                break;
            }
            if (selection.matches(event)) {
                found.add(event);
            }
        }
        java.util.Collections.reverse(found);
        return found;
    }
}
