package io.tidegate.bench;

import io.tidegate.bench.workload.Load;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What one stream has had: of each series of its topic, every event once and in order, or what was wrong. Owned by one event loop. */
final class DeliveryChecker {

    /** What an event was to the stream that it came to. */
    enum Arrival {
        EXPECTED,
        /** After a later one of its series. */
        LATE,
        AGAIN,
        /** Of a topic that was not asked for, or never published. */
        STRAY
    }

    private final int topic;
    private final int topics;
    private final int[] last;
    /** Of each series, what was passed over; only a stream with something amiss has one. */
    private final @Nullable BitSet[] missing;

    DeliveryChecker(int topic, Load load) {
        this.topic = topic;
        this.topics = load.topics();
        this.last = new int[(Sequence.count(load) - topic + topics - 1) / topics];
        this.missing = new BitSet[last.length];
    }

    Arrival take(int series, int sequence) {
        int place = series / topics;
        if (series % topics != topic || place >= last.length || sequence < 1) {
            return Arrival.STRAY;
        }
        BitSet passed = missing[place];
        if (sequence > last[place]) {
            if (sequence > last[place] + 1) {
                passed = passed == null ? new BitSet() : passed;
                passed.set(last[place] + 1, sequence);
                missing[place] = passed;
            }
            last[place] = sequence;
            return Arrival.EXPECTED;
        }
        if (passed != null && passed.get(sequence)) {
            passed.clear(sequence);
            return Arrival.LATE;
        }
        return Arrival.AGAIN;
    }

    /** How many events that the target acknowledged never came. */
    long lost(List<Sequence> all) {
        long lost = 0;
        for (int place = 0; place < last.length; place++) {
            Sequence series = all.get(place * topics + topic);
            for (int sequence = last[place] + 1; sequence <= series.published(); sequence++) {
                lost += series.isAcknowledged(sequence) ? 1 : 0;
            }
            BitSet passed = missing[place];
            if (passed != null) {
                lost += passed.stream().filter(series::isAcknowledged).count();
            }
        }
        return lost;
    }
}
