package io.tidegate.delivery.sse;

import io.tidegate.event.Kind;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The number of streams that are open on this node, across all event loops. A stream that contains more than one kind
 * counts as {@link Kind#OTHER}. Thread-safe.
 */
public final class OpenStreamCount {

    private final Map<Kind, AtomicInteger> open = new EnumMap<>(Kind.class);

    public OpenStreamCount() {
        for (Kind kind : Kind.values()) {
            open.put(kind, new AtomicInteger());
        }
    }

    void opened(Kind kind) {
        count(kind).incrementAndGet();
    }

    void closed(Kind kind) {
        count(kind).decrementAndGet();
    }

    /**
     * Returns the number of streams that contain only this kind. For {@link Kind#OTHER}, the number includes streams
     * that contain several kinds.
     */
    public int of(Kind kind) {
        return count(kind).get();
    }

    /** Returns whether any open stream may contain events of the kind. */
    public boolean anyMayShow(Kind kind) {
        return of(kind) > 0 || of(Kind.OTHER) > 0;
    }

    public int total() {
        return open.values().stream().mapToInt(AtomicInteger::get).sum();
    }

    @SuppressWarnings("NullAway") // the constructor adds every kind
    private AtomicInteger count(Kind kind) {
        return open.get(kind);
    }
}
