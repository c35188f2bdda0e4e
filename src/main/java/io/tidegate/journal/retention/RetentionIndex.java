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
 * What is held and what retention took away, in heap. The journal's one writer changes it; any thread asks.
 *
 * <p>The rule that leaves no gap silent: the writer raises a mark here before a reader can miss the event, and a reader
 * asks for the mark after it has read. Until {@link #commit()} the changes can be taken back; a reader in between is told
 * of a gap that then does not come, never the other way round.
 *
 * <p>Events of most kinds leave one by one, oldest first, so one mark per kind tells all. Where a member is read as a
 * whole, its topic leaves as a whole, and a reader of that topic alone is not told of a gap because another topic left. A
 * topic that begins inherits the mark of its kind, since it may have existed before.
 */
public final class RetentionIndex {

    /** A kind, or one topic of a kind that is kept whole. */
    public record Slot(Kind kind, String topic) {
        static Slot of(Kind kind) {
            return new Slot(kind, "");
        }

        // By hand: what a record has of itself goes by method handles, which the quick compiler alone leaves slow.

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Slot slot && kind == slot.kind && topic.equals(slot.topic);
        }

        @Override
        public int hashCode() {
            return 31 * kind.hashCode() + topic.hashCode();
        }
    }

    /** A topic that left as a whole, and what was held of it. */
    public record Evicted(Slot slot, RetainedRange held) {}

    private final Map<Slot, RetainedRange> extents = new ConcurrentHashMap<>();
    /** For each kind its topics that are kept whole, by the offset of their newest event. Only for the writer. */
    private final Map<Kind, NavigableMap<Long, Slot>> byLast = new EnumMap<>(Kind.class);
    /** What the slots held that changed since the last commit. Only for the writer. */
    private final Map<Slot, Optional<RetainedRange>> before = new HashMap<>();

    public RetentionIndex(Map<Slot, RetainedRange> seeds) {
        for (Kind kind : Kind.values()) {
            set(Slot.of(kind), RetainedRange.empty(0));
        }
        seeds.forEach(this::set);
    }

    public void add(Event event) {
        Kind kind = event.kind();
        if (kind.evictedWhole()) {
            Slot topic = new Slot(kind, event.topic().name());
            RetainedRange held = extents.get(topic);
            change(topic, (held == null ? RetainedRange.empty(floor(kind)) : held).plus(event));
        }
        change(Slot.of(kind), extent(kind).plus(event));
    }

    public void cut(Kind kind, TrimScan cut) {
        change(Slot.of(kind), cut.rest());
    }

    /** Takes away the kind's topic that was quiet for longest, if the bounds demand it. */
    public Optional<Evicted> evictDue(Kind kind, Retention keep, long nowMillis) {
        NavigableMap<Long, Slot> topics = topics(kind);
        Map.Entry<Long, Slot> oldest = topics.firstEntry();
        if (oldest == null) {
            return Optional.empty();
        }
        Slot topic = oldest.getValue();
        RetainedRange held = known(topic);
        boolean due = extent(kind).exceeds(keep)
                || topics.size() > keep.keys()
                || held.lastMillis() < nowMillis - keep.age().toMillis();
        if (!due) {
            return Optional.empty();
        }
        // The mark of the kind first: who no longer finds the topic is then told of it.
        change(Slot.of(kind), extent(kind).minus(held.events(), held.weight(), held.last()));
        change(topic, null);
        return Optional.of(new Evicted(topic, held));
    }

    public RetainedRange extent(Kind kind) {
        return known(Slot.of(kind));
    }

    public Optional<RetainedRange> extent(Slot slot) {
        return Optional.ofNullable(extents.get(slot));
    }

    /** Whether retention has left this event of the history in place. Any thread. */
    public boolean holds(Event event) {
        Kind kind = event.kind();
        RetainedRange held =
                extents.get(kind.evictedWhole() ? new Slot(kind, event.topic().name()) : Slot.of(kind));
        return held != null && event.offset() > held.floor();
    }

    /** Everything of the selection after this offset is held. Any thread. */
    public long evictedThrough(Selection selection) {
        long through = 0;
        for (Kind kind : selection.kinds()) {
            through = Math.max(through, kind.evictedWhole() ? wholeThrough(selection, kind) : floor(kind));
        }
        return through;
    }

    private long wholeThrough(Selection selection, Kind kind) {
        long through = 0;
        for (TopicPattern pattern : selection.topics()) {
            if (Selection.ofTopics(pattern).kinds().contains(kind)) {
                RetainedRange topic = pattern.exact() ? extents.get(new Slot(kind, pattern.text())) : null;
                through = Math.max(through, topic == null ? floor(kind) : topic.floor());
            }
        }
        return through;
    }

    /** The offset no event of this history can be beyond, as far as is known here. */
    public long last() {
        return extents.values().stream().mapToLong(RetainedRange::last).max().orElse(0);
    }

    /** The slots that changed since the last commit. */
    public Set<Slot> changed() {
        return before.keySet();
    }

    public void commit() {
        before.clear();
    }

    public void rollback() {
        before.forEach((slot, held) -> set(slot, held.orElse(null)));
        before.clear();
    }

    /** Takes what the database holds in the place of all that is held here. */
    public void replace(Map<Slot, RetainedRange> held) {
        before.clear();
        // Kinds first: who no longer finds a topic is then told of it.
        for (Kind kind : Kind.values()) {
            set(Slot.of(kind), held.getOrDefault(Slot.of(kind), RetainedRange.empty(0)));
        }
        List.copyOf(extents.keySet()).stream()
                .filter(slot -> !slot.topic().isEmpty() && !held.containsKey(slot))
                .forEach(slot -> set(slot, null));
        held.forEach(this::set);
    }

    private void change(Slot slot, @Nullable RetainedRange extent) {
        before.putIfAbsent(slot, extent(slot));
        set(slot, extent);
    }

    private void set(Slot slot, @Nullable RetainedRange extent) {
        RetainedRange old = extent == null ? extents.remove(slot) : extents.put(slot, extent);
        if (!slot.topic().isEmpty()) {
            NavigableMap<Long, Slot> topics = topics(slot.kind());
            if (old != null) {
                topics.remove(old.last(), slot);
            }
            if (extent != null) {
                topics.put(extent.last(), slot);
            }
        }
    }

    private NavigableMap<Long, Slot> topics(Kind kind) {
        return byLast.computeIfAbsent(kind, first -> new TreeMap<>());
    }

    private long floor(Kind kind) {
        return extent(kind).floor();
    }

    @SuppressWarnings("NullAway") // kinds are filled by the constructor, topics in order of age are held
    private RetainedRange known(Slot slot) {
        return extents.get(slot);
    }
}
