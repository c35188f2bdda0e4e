package io.tidegate.journal.sqlite;

import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Records the offsets of events that are missing, unreadable or altered. Reads stop before these offsets and report a
 * gap. Thread-safe.
 */
final class Damage {

    /** A range of offsets; both ends are inclusive. */
    record Range(long from, long through) {
        @Override
        public String toString() {
            return from == through ? Long.toString(from) : from + "-" + through;
        }
    }

    /** The maximum number of ranges; when it is reached, additional ranges are merged with their neighbours. */
    private static final int MAX_RANGES = 10_000;

    private final NavigableMap<Long, Long> ranges = new TreeMap<>();

    /** Adds a range. Returns false if the range was already known. */
    synchronized boolean add(Range added) {
        long from = added.from();
        long through = added.through();
        Map.Entry<Long, Long> before = ranges.floorEntry(from);
        if (before != null && before.getValue() >= through) {
            return false;
        }
        if (before != null && (before.getValue() >= from - 1 || ranges.size() >= MAX_RANGES)) {
            from = before.getKey();
        }
        for (Map.Entry<Long, Long> next = ranges.ceilingEntry(from);
                next != null && next.getKey() <= through + 1;
                next = ranges.ceilingEntry(from)) {
            through = Math.max(through, next.getValue());
            ranges.remove(next.getKey());
        }
        ranges.put(from, through);
        return true;
    }

    /** Returns the first range that contains an offset after {@code after} and up to {@code through}. */
    synchronized Optional<Range> first(long after, long through) {
        Map.Entry<Long, Long> range = ranges.floorEntry(after);
        if (range == null || range.getValue() <= after) {
            range = ranges.higherEntry(after);
        }
        return range == null || range.getKey() > through ? Optional.empty() : Optional.of(of(range));
    }

    /** Returns the last range that contains an offset up to the given one. */
    synchronized Optional<Range> last(long through) {
        return Optional.ofNullable(ranges.floorEntry(through)).map(Damage::of);
    }

    synchronized boolean isEmpty() {
        return ranges.isEmpty();
    }

    /** Returns the total number of offsets in all ranges. */
    synchronized long size() {
        return ranges.entrySet().stream()
                .mapToLong(range -> range.getValue() - range.getKey() + 1)
                .sum();
    }

    private static Range of(Map.Entry<Long, Long> range) {
        return new Range(range.getKey(), range.getValue());
    }
}
