package io.tidegate.journal.history;

import io.tidegate.event.Cursor;
import io.tidegate.event.Event;
import io.tidegate.event.Kind;
import io.tidegate.journal.Latest;
import io.tidegate.journal.Snapshot;
import io.tidegate.journal.retention.Retention;
import io.tidegate.journal.retention.RetentionIndex;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The {@link Latest} state of every kind. The journal's single writer updates the states; any thread may obtain a
 * snapshot. At most one snapshot of a kind is made per change.
 */
public final class LatestStates {

    /** The topics and keys that retention removes from the latest state in one transaction. */
    public static final class Dropped {
        private final List<RetentionIndex.Slot> topics = new ArrayList<>();
        private final Map<Kind, List<String>> keys = new EnumMap<>(Kind.class);

        public void topic(RetentionIndex.Slot topic) {
            topics.add(topic);
        }

        public void keys(Kind kind, List<String> removed) {
            if (!removed.isEmpty()) {
                keys.put(kind, removed);
            }
        }
    }

    private final Map<Kind, Latest> states = new EnumMap<>(Kind.class);
    private final Map<Kind, List<Event>> copies = new EnumMap<>(Kind.class);
    private Cursor cursor;

    public LatestStates(Cursor cursor, Map<Kind, List<Event>> seeds) {
        this.cursor = cursor;
        replace(cursor, seeds);
    }

    /** Replaces all states with the given events, which are exact at the given position. */
    public synchronized void replace(Cursor position, Map<Kind, List<Event>> seeds) {
        cursor = position;
        copies.clear();
        for (Kind kind : Kind.values()) {
            states.put(kind, new Latest(kind, new Snapshot(position, seeds.getOrDefault(kind, List.of()))));
        }
    }

    /**
     * Applies the events of one commit and the removals made in the same transaction. Readers see either all of these
     * changes or none.
     */
    public synchronized void apply(List<Event> committed, Dropped dropped) {
        for (Event event : committed) {
            if (event.key().isPresent()) {
                state(event.kind()).apply(event);
                copies.remove(event.kind());
            }
            cursor = event.cursor();
        }
        for (RetentionIndex.Slot topic : dropped.topics) {
            state(topic.kind()).forgetTopic(topic.topic());
            copies.remove(topic.kind());
        }
        dropped.keys.forEach((kind, keys) -> {
            keys.forEach(state(kind)::forget);
            copies.remove(kind);
        });
    }

    public synchronized Snapshot snapshot(Kind kind) {
        List<Event> events =
                copies.computeIfAbsent(kind, absent -> state(absent).snapshot().events());
        return new Snapshot(cursor, events);
    }

    public synchronized Optional<Event> get(Kind kind, String key) {
        return state(kind).get(key);
    }

    /**
     * Returns the keys of a kind to remove so that the retention limits are met, beginning with those that appeared
     * first.
     */
    public synchronized List<String> surplusKeys(Kind kind, Retention bounds) {
        return state(kind).surplus(bounds.keys(), bounds.keyBytes());
    }

    @SuppressWarnings("NullAway") // the constructor adds a state for every kind
    private Latest state(Kind kind) {
        return states.get(kind);
    }
}
