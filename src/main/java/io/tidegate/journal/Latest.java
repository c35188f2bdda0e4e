package io.tidegate.journal;

import io.tidegate.event.Cursor;
import io.tidegate.event.Event;
import io.tidegate.event.Kind;
import java.util.ArrayList;
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
    private long weight;

    public Latest(Kind kind, Snapshot seed) {
        this.kind = kind;
        this.cursor = seed.cursor();
        for (Event event : seed.events()) {
            event.key().ifPresent(key -> put(key, event));
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
            forget(key);
        } else {
            put(key, event);
        }
    }

    private void put(String key, Event event) {
        Event earlier = byKey.put(key, event);
        weight += event.weight() - (earlier == null ? 0 : earlier.weight());
    }

    public Optional<Event> get(String key) {
        return Optional.ofNullable(byKey.get(key));
    }

    public int size() {
        return byKey.size();
    }

    /** Returns the total {@link Event#weight()} of the events. */
    public long weight() {
        return weight;
    }

    public Cursor cursor() {
        return cursor;
    }

    public Snapshot snapshot() {
        return new Snapshot(cursor, byKey.values().stream().toList());
    }

    /** Removes a key that retention evicted. */
    public void forget(String key) {
        Event removed = byKey.remove(key);
        weight -= removed == null ? 0 : removed.weight();
    }

    /** Removes the keys whose latest event is on a topic that retention evicted. */
    public void forgetTopic(String topic) {
        List<String> keys = byKey.values().stream()
                .filter(event -> event.topic().name().equals(topic))
                .flatMap(event -> event.key().stream())
                .toList();
        keys.forEach(this::forget);
    }

    /**
     * Returns the keys to remove so that the limits are met, beginning with the keys that appeared first. The last key
     * is never included, whatever its weight.
     *
     * @param maxWeight the maximum total {@link Event#weight()}
     */
    public List<String> surplus(int maxKeys, long maxWeight) {
        List<String> surplus = new ArrayList<>();
        int keys = byKey.size();
        long left = weight;
        for (Map.Entry<String, Event> entry : byKey.entrySet()) {
            if (keys <= 1 || keys <= maxKeys && left <= maxWeight) {
                break;
            }
            surplus.add(entry.getKey());
            keys--;
            left -= entry.getValue().weight();
        }
        return surplus;
    }
}
