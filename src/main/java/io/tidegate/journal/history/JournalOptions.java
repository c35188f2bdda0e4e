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
 * Configures where the event history is stored and how much of it is kept.
 *
 * @param durability the guarantee that an acknowledgement gives for each kind; {@code fsync} for kinds that are
 *     missing. Appends of different kinds that share a commit are committed with the strongest of their guarantees,
 *     because all events share one order. For the same reason, the SQLite store treats {@code memory} like
 *     {@code process}. The memory store always guarantees {@code memory}
 * @param recentEvents the maximum number of recent events that are kept in memory for readers that are slightly behind
 * @param recentBytes the maximum total weight of these events
 * @param queuedBytes the maximum total weight of appends that wait for a commit; further appends are refused
 * @param queuedReads the maximum number of reads that wait for disk I/O; further reads are refused
 * @param idempotency the limits on remembered idempotency keys
 * @param retention the retention limits of each kind; the default limits for kinds that are missing
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

    /** The implementation of the journal. */
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

    /** Returns options with the same durability for every kind and the default queue limits. */
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

    /** Returns an empty ring of recent events after an offset. */
    public RecentEvents ring(long head) {
        return new RecentEvents(recentEvents, recentBytes, head);
    }

    /** Returns the guarantee for an append, which is the strongest one among the kinds of its drafts. */
    public Durability guarantee(Append append) {
        Durability guaranteed = Durability.MEMORY;
        for (Draft draft : append.drafts()) {
            guaranteed = guaranteed.stronger(durability(draft.topic().kind()));
        }
        return guaranteed;
    }

    /**
     * Returns the guarantee that a commit of several appends must provide, which is the strongest one among the
     * appends.
     */
    public Durability guarantee(List<Append> appends) {
        Durability guaranteed = Durability.MEMORY;
        for (Append append : appends) {
            guaranteed = guaranteed.stronger(guarantee(append));
        }
        return guaranteed;
    }

    Durability durability(Kind kind) {
        return durability.getOrDefault(kind, Durability.FSYNC);
    }

    /** Returns whether there is a kind whose commits can be lost in a power failure. */
    public boolean unsynced() {
        return Stream.of(Kind.values()).anyMatch(kind -> durability(kind) != Durability.FSYNC);
    }

    /** Returns the retention limits of a kind. */
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
