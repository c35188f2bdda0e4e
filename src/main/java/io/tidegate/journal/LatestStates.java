package io.tidegate.journal;

import io.tidegate.event.Cursor;
import io.tidegate.event.Event;
import io.tidegate.event.Kind;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The {@link Latest} of every kind: written by the journal's one writer, copied out for any thread. The copy is made
 * once per change, however many ask for it.
 */
final class LatestStates {

    private final Map<Kind, Latest> states = new EnumMap<>(Kind.class);
    private final Map<Kind, List<Event>> copies = new EnumMap<>(Kind.class);
    private Cursor cursor;

    LatestStates(Cursor cursor, Map<Kind, List<Event>> seeds) {
        this.cursor = cursor;
        for (Kind kind : Kind.values()) {
            states.put(kind, new Latest(kind, new Snapshot(cursor, seeds.getOrDefault(kind, List.of()))));
        }
    }

    /** Takes the events of one commit; readers see all of them or none. */
    synchronized void apply(List<Event> committed) {
        for (Event event : committed) {
            if (event.key().isPresent()) {
                of(event.kind()).apply(event);
                copies.remove(event.kind());
            }
            cursor = event.cursor();
        }
    }

    synchronized Snapshot snapshot(Kind kind) {
        List<Event> events =
                copies.computeIfAbsent(kind, absent -> of(absent).snapshot().events());
        return new Snapshot(cursor, events);
    }

    synchronized Optional<Event> get(Kind kind, String key) {
        return of(kind).get(key);
    }

    /** The keys beyond the bound, those that appeared first; they are forgotten. */
    synchronized List<String> forgetBeyond(Kind kind, int keys) {
        List<String> surplus = of(kind).firstKeys(of(kind).size() - keys);
        forget(kind, surplus);
        return surplus;
    }

    synchronized void forget(Kind kind, List<String> keys) {
        if (!keys.isEmpty()) {
            keys.forEach(of(kind)::forget);
            copies.remove(kind);
        }
    }

    @SuppressWarnings("NullAway") // filled for every kind by the constructor
    private Latest of(Kind kind) {
        return states.get(kind);
    }
}
