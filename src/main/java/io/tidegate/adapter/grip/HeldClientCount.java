package io.tidegate.adapter.grip;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts the held clients on a node, across all event loops. Thread-safe. */
public final class HeldClientCount {

    private final Map<Mode, AtomicInteger> held = new EnumMap<>(Mode.class);

    public HeldClientCount() {
        for (Mode mode : Mode.values()) {
            held.put(mode, new AtomicInteger());
        }
    }

    void held(Mode mode) {
        count(mode).incrementAndGet();
    }

    void released(Mode mode) {
        count(mode).decrementAndGet();
    }

    int active(Mode mode) {
        return count(mode).get();
    }

    public int total() {
        return held.values().stream().mapToInt(AtomicInteger::get).sum();
    }

    @SuppressWarnings("NullAway") // the constructor adds a counter for every mode
    private AtomicInteger count(Mode mode) {
        return held.get(mode);
    }
}
