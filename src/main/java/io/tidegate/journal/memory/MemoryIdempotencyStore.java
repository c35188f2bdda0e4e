package io.tidegate.journal.memory;

import io.tidegate.journal.IdempotencyKey;
import io.tidegate.journal.history.Idempotency;
import io.tidegate.journal.history.IdempotencyStore;
import java.time.Clock;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Claims in heap, oldest first. Owned by one thread at a time. */
final class MemoryIdempotencyStore implements IdempotencyStore<RuntimeException> {

    private record Name(IdempotencyKey.Scope scope, String publisher, String name) {
        static Name of(IdempotencyKey claim) {
            return new Name(claim.scope(), claim.publisher(), claim.name());
        }
    }

    private record Entry(Answered answered, long millis) {}

    private final Idempotency keep;
    private final Clock clock;
    private final Map<Name, Entry> entries = new LinkedHashMap<>();

    MemoryIdempotencyStore(Idempotency keep, Clock clock) {
        this.keep = keep;
        this.clock = clock;
    }

    @Override
    public Optional<Answered> find(IdempotencyKey claim) {
        return Optional.ofNullable(entries.get(Name.of(claim)))
                .filter(entry -> keep.covers(entry.millis(), clock.millis()))
                .map(Entry::answered);
    }

    @Override
    public void remember(IdempotencyKey claim, Answered answered) {
        entries.remove(Name.of(claim));
        entries.put(Name.of(claim), new Entry(answered, clock.millis()));
    }

    /** Forgets what is beyond the bounds. */
    void trim() {
        long now = clock.millis();
        Iterator<Entry> oldest = entries.values().iterator();
        while (oldest.hasNext()) {
            Entry entry = oldest.next();
            if (entries.size() <= keep.count() && keep.covers(entry.millis(), now)) {
                return;
            }
            oldest.remove();
        }
    }
}
