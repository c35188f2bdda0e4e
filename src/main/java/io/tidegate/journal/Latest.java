package io.tidegate.journal;

import io.tidegate.event.Cursor;
import io.tidegate.event.Event;
import io.tidegate.event.Kind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The fold of one kind's events into the latest of each key. Owned by one thread; seeded from a {@link Snapshot} and fed
 * every event after it, in order.
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

    /** Takes one event of any kind; one at or before {@link #cursor()} is known already and changes nothing. */
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

    /** Forgets a key that retention took away. */
    public void forget(String key) {
        byKey.remove(key);
    }

    /** Forgets the keys whose latest event is of a topic that retention took away. */
    public void forgetTopic(String topic) {
        byKey.values().removeIf(event -> event.topic().name().equals(topic));
    }

    /** The keys that appeared first; none when the number is not positive. */
    public List<String> firstKeys(int number) {
        return byKey.keySet().stream().limit(Math.max(0, number)).toList();
    }
}
