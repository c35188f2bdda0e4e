package io.tidegate.journal.history;

import io.tidegate.event.Draft;
import io.tidegate.event.Kind;
import io.tidegate.journal.Append;
import io.tidegate.journal.Durability;
import io.tidegate.journal.retention.Retention;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Where the history is kept and how much of it.
 *
 * @param durability what an acknowledgement promises of each kind; {@code fsync} where a kind is missing. Appends of
 *     different kinds that share a commit are committed as the strongest of them wants, since there is one order for all.
 *     The memory store always gives {@code memory}; the SQLite store writes what needs no more than {@code memory} as it
 *     does for {@code process}, for the same reason
 * @param recentEvents how many of the newest events are kept in heap for readers that are a little behind
 * @param recentBytes how much weight these may have together
 * @param queuedBytes how much weight the appends may have that wait for a commit; more are refused
 * @param queuedReads how many reads may wait for the disk; more are refused
 * @param idempotency how long a publisher may repeat itself
 * @param retention bounds of each kind; the standard ones where a kind is missing
 */
public record JournalOptions(
        Store store,
        Map<Kind, Durability> durability,
        int recentEvents,
        long recentBytes,
        long queuedBytes,
        int queuedReads,
        Idempotency idempotency,
        Map<Kind, Retention> retention) {

    /** Which journal is built. */
    public enum Store {
        SQLITE,
        MEMORY
    }

    private static final long QUEUED_BYTES = 16L << 20;
    private static final int QUEUED_READS = 10_000;

    public static final JournalOptions DEFAULTS =
            of(Store.SQLITE, Durability.FSYNC, 8192, 16L << 20, Idempotency.DEFAULTS, standardRetention());

    public JournalOptions {
        if (recentEvents <= 0) {
            throw new IllegalArgumentException("recent-events must be greater than 0");
        }
        if (recentBytes <= 0) {
            throw new IllegalArgumentException("recent-bytes must be greater than 0");
        }
        if (queuedBytes <= 0) {
            throw new IllegalArgumentException("queued-bytes must be greater than 0");
        }
        if (queuedReads <= 0) {
            throw new IllegalArgumentException("queued-reads must be greater than 0");
        }
        durability = Map.copyOf(durability);
        retention = Map.copyOf(retention);
    }

    /** The same durability for every kind, and the standard bounds of what waits. */
    public static JournalOptions of(
            Store store,
            Durability durability,
            int recentEvents,
            long recentBytes,
            Idempotency idempotency,
            Map<Kind, Retention> retention) {
        Map<Kind, Durability> all = new EnumMap<>(Kind.class);
        for (Kind kind : Kind.values()) {
            all.put(kind, durability);
        }
        return new JournalOptions(
                store, all, recentEvents, recentBytes, QUEUED_BYTES, QUEUED_READS, idempotency, retention);
    }

    /** What is promised to an append: the strongest of its kinds. */
    public Durability promise(Append append) {
        Durability promised = Durability.MEMORY;
        for (Draft draft : append.drafts()) {
            promised = promised.stronger(durability(draft.topic().kind()));
        }
        return promised;
    }

    /** The strongest of several appends, which is what their commit has to give. */
    public Durability promise(List<Append> appends) {
        Durability promised = Durability.MEMORY;
        for (Append append : appends) {
            promised = promised.stronger(promise(append));
        }
        return promised;
    }

    Durability durability(Kind kind) {
        return durability.getOrDefault(kind, Durability.FSYNC);
    }

    /** Whether there is a kind whose commits a power cut may undo. */
    public boolean unsynced() {
        return Stream.of(Kind.values()).anyMatch(kind -> durability(kind) != Durability.FSYNC);
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
