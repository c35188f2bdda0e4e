package io.tidegate.journal;

import io.tidegate.event.Cursor;
import io.tidegate.event.Event;
import io.tidegate.event.Kind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The latest event for each key of one kind. Initialized from a {@link Snapshot}, to which every later event must be
 * applied in order. Owned by one thread.
 */
public final class Latest {

    private final Kind kind;
    private final Map<String, Event> byKey = new LinkedHashMap<>();
    private Cursor cursor;

    public Latest(Kind kind, Snapshot seed) {
        this.kind = kind;
        this.cursor = seed.cursor();
        for (Event event : seed.events()) {
            event.key().ifPresent(key -> byKey.put(key, event));
        }
    }

    /** Applies an event of any kind. An event at or before {@link #cursor()} is already included and is ignored. */
    public void apply(Event event) {
        if (event.offset() <= cursor.offset()) {
            return;
        }
        cursor = event.cursor();
        if (event.kind() != kind || event.key().isEmpty()) {
            return;
        }
        String key = event.key().get();
        if (event.ends()) {
            byKey.remove(key);
        } else {
            byKey.put(key, event);
        }
    }

    public Optional<Event> get(String key) {
        return Optional.ofNullable(byKey.get(key));
    }

    public int size() {
        return byKey.size();
    }

    public Cursor cursor() {
        return cursor;
    }

    public Snapshot snapshot() {
        return new Snapshot(cursor, byKey.values().stream().toList());
    }

    /** Removes a key that retention evicted. */
    public void forget(String key) {
        byKey.remove(key);
    }

    /** Removes the keys whose latest event is on a topic that retention evicted. */
    public void forgetTopic(String topic) {
        byKey.values().removeIf(event -> event.topic().name().equals(topic));
    }

    /** Returns the keys that appeared first, up to the given number; empty if the number is not positive. */
    public List<String> firstKeys(int number) {
        return byKey.keySet().stream().limit(Math.max(0, number)).toList();
    }
}
