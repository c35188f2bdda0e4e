package io.tidegate.journal.memory;

import io.tidegate.journal.IdempotencyKey;
import io.tidegate.journal.history.Idempotency;
import io.tidegate.journal.history.IdempotencyStore;
import java.time.Clock;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Keeps idempotency keys in memory, oldest first. Must be used by one thread at a time. */
final class MemoryIdempotencyStore implements IdempotencyStore<RuntimeException> {

    private record Name(IdempotencyKey.Scope scope, String publisher, String name) {
        static Name of(IdempotencyKey key) {
            return new Name(key.scope(), key.publisher(), key.name());
        }
    }

    private record Entry(Answered answered, long millis) {}

    private final Idempotency bounds;
    private final Clock clock;
    private final Map<Name, Entry> entries = new LinkedHashMap<>();

    MemoryIdempotencyStore(Idempotency bounds, Clock clock) {
        this.bounds = bounds;
        this.clock = clock;
    }

    @Override
    public Optional<Answered> find(IdempotencyKey key) {
        return Optional.ofNullable(entries.get(Name.of(key)))
                .filter(entry -> bounds.covers(entry.millis(), clock.millis()))
                .map(Entry::answered);
    }

    @Override
    public void remember(IdempotencyKey key, Answered answered) {
        entries.remove(Name.of(key));
        entries.put(Name.of(key), new Entry(answered, clock.millis()));
    }

    /** Forgets the keys that exceed the limits. */
    void trim() {
        long now = clock.millis();
        Iterator<Entry> oldest = entries.values().iterator();
        while (oldest.hasNext()) {
            Entry entry = oldest.next();
            if (entries.size() <= bounds.count() && bounds.covers(entry.millis(), now)) {
                return;
            }
            oldest.remove();
        }
    }
}
