package io.tidegate.journal;

import io.tidegate.event.Kind;
import java.util.EnumMap;
import java.util.Map;

/**
 * Where the history is kept and how much of it.
 *
 * @param durability what an acknowledgement promises; the memory store always gives {@code memory}, the SQLite store keeps
 *     {@code process} when less is asked for
 * @param recentEvents how many of the newest events are kept in heap for readers that are a little behind
 * @param recentBytes how much weight these may have together
 * @param retention bounds of each kind; the standard ones where a kind is missing
 */
public record JournalOptions(
        Store store, Durability durability, int recentEvents, long recentBytes, Map<Kind, Retention> retention) {

    /** Which journal is built. */
    public enum Store {
        SQLITE,
        MEMORY
    }

    public static final JournalOptions DEFAULTS =
            new JournalOptions(Store.SQLITE, Durability.FSYNC, 8192, 16L << 20, standardRetention());

    public JournalOptions {
        if (recentEvents <= 0) {
            throw new IllegalArgumentException("recent-events must be greater than 0");
        }
        if (recentBytes <= 0) {
            throw new IllegalArgumentException("recent-bytes must be greater than 0");
        }
        retention = Map.copyOf(retention);
    }

    /** The bounds of one kind. */
    public Retention retention(Kind kind) {
        return retention.getOrDefault(kind, Retention.standard(kind));
    }

    private static Map<Kind, Retention> standardRetention() {
        Map<Kind, Retention> all = new EnumMap<>(Kind.class);
        for (Kind kind : Kind.values()) {
            all.put(kind, Retention.standard(kind));
        }
        return all;
    }
}
