package io.tidegate.journal.history;

import io.tidegate.event.Cursor;
import io.tidegate.event.Event;
import io.tidegate.event.Kind;
import io.tidegate.journal.Latest;
import io.tidegate.journal.Snapshot;
import io.tidegate.journal.retention.RetentionIndex;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The {@link Latest} of every kind: written by the journal's one writer, copied out for any thread. The copy is made
 * once per change, however many ask for it.
 */
public final class LatestStates {

    /** What retention takes out of the latest state together with one commit. */
    public static final class Dropped {
        private final List<RetentionIndex.Slot> topics = new ArrayList<>();
        private final Map<Kind, List<String>> keys = new EnumMap<>(Kind.class);

        public void topic(RetentionIndex.Slot topic) {
            topics.add(topic);
        }

        public void keys(Kind kind, List<String> gone) {
            if (!gone.isEmpty()) {
                keys.put(kind, gone);
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

    /** Takes the state at a position in the place of what is here. */
    public synchronized void replace(Cursor position, Map<Kind, List<Event>> seeds) {
        cursor = position;
        copies.clear();
        for (Kind kind : Kind.values()) {
            states.put(kind, new Latest(kind, new Snapshot(position, seeds.getOrDefault(kind, List.of()))));
        }
    }

    /** Takes the events of one commit and what it dropped; readers see all of it or nothing. */
    public synchronized void apply(List<Event> committed, Dropped dropped) {
        for (Event event : committed) {
            if (event.key().isPresent()) {
                of(event.kind()).apply(event);
                copies.remove(event.kind());
            }
            cursor = event.cursor();
        }
        for (RetentionIndex.Slot topic : dropped.topics) {
            of(topic.kind()).forgetTopic(topic.topic());
            copies.remove(topic.kind());
        }
        dropped.keys.forEach((kind, keys) -> {
            keys.forEach(of(kind)::forget);
            copies.remove(kind);
        });
    }

    public synchronized Snapshot snapshot(Kind kind) {
        List<Event> events =
                copies.computeIfAbsent(kind, absent -> of(absent).snapshot().events());
        return new Snapshot(cursor, events);
    }

    public synchronized Optional<Event> get(Kind kind, String key) {
        return of(kind).get(key);
    }

    /** The keys beyond the bound, those that appeared first. */
    public synchronized List<String> beyond(Kind kind, int keys) {
        return of(kind).firstKeys(of(kind).size() - keys);
    }

    @SuppressWarnings("NullAway") // filled for every kind by the constructor
    private Latest of(Kind kind) {
        return states.get(kind);
    }
}
