package io.tidegate.journal.memory;

import io.tidegate.event.Event;
import java.util.List;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;

/** Holds the events of one kind in memory, by offset. One thread changes the log; any thread may read it. */
final class KindLog {

    private final NavigableMap<Long, Event> events = new ConcurrentSkipListMap<>();

    void add(Event event) {
        events.put(event.offset(), event);
    }

    void removeThrough(long offset) {
        events.headMap(offset, true).clear();
    }

    /** Removes the events of one topic, all of which lie between two offsets (inclusive). */
    void removeTopic(String topic, long first, long last) {
        events.subMap(first, true, last, true)
                .values()
                .removeIf(event -> event.topic().name().equals(topic));
    }

    /** Returns a view of the events from {@code after} (exclusive) to {@code through} (inclusive), oldest first. */
    Iterable<Event> between(long after, long through) {
        return after >= through
                ? List.of()
                : events.subMap(after, false, through, true).values();
    }

    Iterable<Event> oldestFirst() {
        return events.values();
    }

    /** Returns a view of the events up to an offset (inclusive), newest first. */
    Iterable<Event> newestFirst(long from) {
        return events.headMap(from, true).descendingMap().values();
    }
}
