package io.tidegate.bench;

import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Checks that a stream receives every event of each series of its topic exactly once and in order, and records the
 * events that the stream misses. Owned by one event loop.
 */
final class DeliveryChecker {

    /** How an event relates to the events that the stream has already received. */
    enum Arrival {
        EXPECTED,
        /** The event arrived after a later event of the same series. */
        LATE,
        /** The event had already been received. */
        DUPLICATE,
        /** The event belongs to a topic that was not requested, or was never published. */
        STRAY
    }

    private final int topic;
    private final int topics;
    private final int[] last;
    /** The skipped sequence numbers of each series; null while a series has no gap. */
    private final @Nullable BitSet[] missing;

    DeliveryChecker(int topic, Load load) {
        this.topic = topic;
        this.topics = load.topics();
        this.last = new int[(Sequence.count(load) - topic + topics - 1) / topics];
        this.missing = new BitSet[last.length];
    }

    Arrival record(int series, int sequence) {
        int index = series / topics;
        if (series % topics != topic || index >= last.length || sequence < 1) {
            return Arrival.STRAY;
        }
        BitSet skipped = missing[index];
        if (sequence > last[index]) {
            if (sequence > last[index] + 1) {
                skipped = skipped == null ? new BitSet() : skipped;
                skipped.set(last[index] + 1, sequence);
                missing[index] = skipped;
            }
            last[index] = sequence;
            return Arrival.EXPECTED;
        }
        if (skipped != null && skipped.get(sequence)) {
            skipped.clear(sequence);
            return Arrival.LATE;
        }
        return Arrival.DUPLICATE;
    }

    /** Returns the number of acknowledged events that the stream never received. */
    long lost(List<Sequence> all) {
        long lost = 0;
        for (int index = 0; index < last.length; index++) {
            Sequence series = all.get(index * topics + topic);
            for (int sequence = last[index] + 1; sequence <= series.published(); sequence++) {
                lost += series.isAcknowledged(sequence) ? 1 : 0;
            }
            BitSet skipped = missing[index];
            if (skipped != null) {
                lost += skipped.stream().filter(series::isAcknowledged).count();
            }
        }
        return lost;
    }
}
