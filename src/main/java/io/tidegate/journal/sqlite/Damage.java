package io.tidegate.journal.sqlite;

import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The offsets whose events are missing, unreadable or altered. Reads stop before them and announce a gap. Thread-safe.
 */
final class Damage {

    /** Offsets from one to another, both inclusive. */
    record Range(long from, long through) {
        @Override
        public String toString() {
            return from == through ? Long.toString(from) : from + "-" + through;
        }
    }

    /** Beyond this number of ranges, further ones are joined with their neighbours. */
    private static final int MAX_RANGES = 10_000;

    private final NavigableMap<Long, Long> ranges = new TreeMap<>();

    /** Adds a range. Returns false if it was known. */
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

    /** Returns the first range with an offset after the first parameter, up to the second one. */
    synchronized Optional<Range> first(long after, long through) {
        Map.Entry<Long, Long> range = ranges.floorEntry(after);
        if (range == null || range.getValue() <= after) {
            range = ranges.higherEntry(after);
        }
        return range == null || range.getKey() > through ? Optional.empty() : Optional.of(of(range));
    }

    /** Returns the last range with an offset up to the given one. */
    synchronized Optional<Range> last(long through) {
        return Optional.ofNullable(ranges.floorEntry(through)).map(Damage::of);
    }

    synchronized boolean isEmpty() {
        return ranges.isEmpty();
    }

    /** Returns the number of offsets. */
    synchronized long size() {
        return ranges.entrySet().stream()
                .mapToLong(range -> range.getValue() - range.getKey() + 1)
                .sum();
    }

    private static Range of(Map.Entry<Long, Long> range) {
        return new Range(range.getKey(), range.getValue());
    }
}
