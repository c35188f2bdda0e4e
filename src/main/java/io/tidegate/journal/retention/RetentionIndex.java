package io.tidegate.journal.retention;

import io.tidegate.event.Event;
import io.tidegate.event.Kind;
import io.tidegate.event.Selection;
import io.tidegate.event.TopicPattern;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Records in memory which events are retained and which have been evicted. The journal's single writer changes the
 * index; any thread may read it.
 *
 * <p>Readers detect every gap: the writer raises an eviction mark before the event disappears for any reader, and
 * readers obtain the mark after they have read. Until {@link #commit()}, changes can be rolled back. In the meantime,
 * {@link #evictedThrough} may report a gap that will not occur, but {@link #retains} excludes only events whose
 * eviction is committed, so a rollback cannot hide that a reader has skipped an event.
 *
 * <p>Events of most kinds are evicted one by one, oldest first, so one mark for each kind suffices. For a kind that is
 * evicted by whole topics, each topic has a separate mark, and a reader of one topic sees no gap when another topic is
 * evicted. A new topic inherits the mark of its kind, because the topic may have existed and been evicted before.
 */
public final class RetentionIndex {

    /** A kind, or one topic of a kind that is evicted by whole topics. */
    public record Slot(Kind kind, String topic) {
        static Slot of(Kind kind) {
            return new Slot(kind, "");
        }

        // These methods are written by hand because the generated methods of a record use method handles, which are
        // slow if only the C1 compiler is used.

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Slot slot && kind == slot.kind && topic.equals(slot.topic);
        }

        @Override
        public int hashCode() {
            return 31 * kind.hashCode() + topic.hashCode();
        }
    }

    /** A topic that was evicted as a whole, with the range of its events. */
    public record Evicted(Slot slot, RetainedRange range) {}

    private final Map<Slot, RetainedRange> ranges = new ConcurrentHashMap<>();
    /**
     * For each kind that is evicted by whole topics, its topics, keyed by the offset of their newest event. Used only
     * by the writer.
     */
    private final Map<Kind, NavigableMap<Long, Slot>> byLast = new EnumMap<>(Kind.class);
    /** The ranges as of the last commit. */
    private final Map<Slot, RetainedRange> committed = new ConcurrentHashMap<>();
    /**
     * The slots that the current transaction has changed, with their ranges before the transaction. Used only by the
     * writer.
     */
    private final Map<Slot, Optional<RetainedRange>> previous = new HashMap<>();

    public RetentionIndex(Map<Slot, RetainedRange> seeds) {
        for (Kind kind : Kind.values()) {
            set(Slot.of(kind), RetainedRange.empty(0));
        }
        seeds.forEach(this::set);
        committed.putAll(ranges);
    }

    public void add(Event event) {
        Kind kind = event.kind();
        if (kind.evictedWhole()) {
            Slot topic = new Slot(kind, event.topic().name());
            RetainedRange range = ranges.get(topic);
            change(topic, (range == null ? RetainedRange.empty(floor(kind)) : range).plus(event));
        }
        change(Slot.of(kind), range(kind).plus(event));
    }

    public void trim(Kind kind, TrimScan scan) {
        change(Slot.of(kind), scan.remaining());
    }

    /** Evicts the least recently updated topic of a kind if the limits require it. */
    public Optional<Evicted> evictDue(Kind kind, Retention bounds, long nowMillis) {
        NavigableMap<Long, Slot> topics = topics(kind);
        Map.Entry<Long, Slot> oldest = topics.firstEntry();
        if (oldest == null) {
            return Optional.empty();
        }
        Slot topic = oldest.getValue();
        RetainedRange range = required(topic);
        boolean due = range(kind).exceeds(bounds)
                || topics.size() > bounds.keys()
                || range.lastMillis() < nowMillis - bounds.age().toMillis();
        if (!due) {
            return Optional.empty();
        }
        // The mark of the kind must be raised first, so that a reader that no longer finds the topic sees that mark.
        change(Slot.of(kind), range(kind).minus(range.events(), range.weight(), range.last()));
        change(topic, null);
        return Optional.of(new Evicted(topic, range));
    }

    public RetainedRange range(Kind kind) {
        return required(Slot.of(kind));
    }

    public Optional<RetainedRange> range(Slot slot) {
        return Optional.ofNullable(ranges.get(slot));
    }

    /**
     * Returns whether an event of this history is retained, that is, whether no commit has evicted it. May be called
     * from any thread.
     */
    public boolean retains(Event event) {
        Kind kind = event.kind();
        RetainedRange range =
                committed.get(kind.evictedWhole() ? new Slot(kind, event.topic().name()) : Slot.of(kind));
        return range != null && event.offset() > range.floor();
    }

    /** Returns the offset after which all events of the selection are retained. May be called from any thread. */
    public long evictedThrough(Selection selection) {
        long through = 0;
        for (Kind kind : selection.kinds()) {
            through = Math.max(through, kind.evictedWhole() ? topicsEvictedThrough(selection, kind) : floor(kind));
        }
        return through;
    }

    private long topicsEvictedThrough(Selection selection, Kind kind) {
        long through = 0;
        for (TopicPattern pattern : selection.topics()) {
            if (Selection.ofTopics(pattern).kinds().contains(kind)) {
                RetainedRange topic = pattern.exact() ? ranges.get(new Slot(kind, pattern.text())) : null;
                through = Math.max(through, topic == null ? floor(kind) : topic.floor());
            }
        }
        return through;
    }

    /** Returns the greatest offset in any range; 0 if there are no events. */
    public long last() {
        return ranges.values().stream().mapToLong(RetainedRange::last).max().orElse(0);
    }

    /** Returns the slots that have changed since the last commit. */
    public Set<Slot> changed() {
        return previous.keySet();
    }

    public void commit() {
        previous.keySet().forEach(this::show);
        previous.clear();
    }

    public void rollback() {
        previous.forEach((slot, range) -> set(slot, range.orElse(null)));
        previous.clear();
    }

    /** Replaces all ranges with those in the database. */
    public void replace(Map<Slot, RetainedRange> stored) {
        previous.clear();
        // Kinds must be updated first, so that a reader that no longer finds a topic sees the mark of its kind.
        for (Kind kind : Kind.values()) {
            set(Slot.of(kind), stored.getOrDefault(Slot.of(kind), RetainedRange.empty(0)));
        }
        List.copyOf(ranges.keySet()).stream()
                .filter(slot -> !slot.topic().isEmpty() && !stored.containsKey(slot))
                .forEach(slot -> set(slot, null));
        stored.forEach(this::set);
        committed.keySet().retainAll(ranges.keySet());
        committed.putAll(ranges);
    }

    private void show(Slot slot) {
        RetainedRange range = ranges.get(slot);
        if (range == null) {
            committed.remove(slot);
        } else {
            committed.put(slot, range);
        }
    }

    private void change(Slot slot, @Nullable RetainedRange range) {
        previous.putIfAbsent(slot, range(slot));
        set(slot, range);
    }

    private void set(Slot slot, @Nullable RetainedRange range) {
        RetainedRange old = range == null ? ranges.remove(slot) : ranges.put(slot, range);
        if (!slot.topic().isEmpty()) {
            NavigableMap<Long, Slot> topics = topics(slot.kind());
            if (old != null) {
                topics.remove(old.last(), slot);
            }
            if (range != null) {
                topics.put(range.last(), slot);
            }
        }
    }

    private NavigableMap<Long, Slot> topics(Kind kind) {
        return byLast.computeIfAbsent(kind, first -> new TreeMap<>());
    }

    private long floor(Kind kind) {
        return range(kind).floor();
    }

    @SuppressWarnings("NullAway") // the constructor adds a range for every kind, and every topic in byLast has one
    private RetainedRange required(Slot slot) {
        return ranges.get(slot);
    }
}
