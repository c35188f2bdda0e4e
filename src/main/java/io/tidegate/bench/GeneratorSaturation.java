package io.tidegate.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * The load on the generator itself. If the generator was saturated, the figures may reflect its own speed instead of
 * the target's.
 *
 * @param busiest the share of a CPU core that the generator's busiest event loop used
 * @param lagMillis the 99th percentile of task delays on the most delayed event loop, in milliseconds
 * @param late the number of events that were sent late because of the generator
 * @param events the number of events to send
 */
record GeneratorSaturation(double busiest, double lagMillis, long late, long events) {

    /** The delay in nanoseconds above which an event counts as late. */
    static final long LATE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private static final double BUSY = 0.85;
    private static final double LAG_MILLIS = 10;
    private static final double LATE_SHARE = 0.01;

    /** Returns whether the figures may reflect the generator's speed instead of the target's. */
    boolean bottleneck() {
        return !warnings().isEmpty();
    }

    /** Returns a description of each limit that the generator exceeded, or an empty list if there was none. */
    List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        if (busiest >= BUSY) {
            warnings.add(String.format(
                    Locale.ROOT,
                    "its busiest event loop used %.0f %% of a core; try more --loops on idle cores, or a lower load",
                    busiest * 100));
        }
        if (lagMillis >= LAG_MILLIS) {
            warnings.add(String.format(
                    Locale.ROOT,
                    "one of its event loops ran tasks up to %.1f ms late (p99), which is included in these latencies",
                    lagMillis));
        }
        if (late > 0 && late >= LATE_SHARE * events) {
            warnings.add(String.format(
                    Locale.ROOT,
                    "it published %,d of %,d events more than %d ms late",
                    late,
                    events,
                    LATE_NANOS / 1_000_000));
        }
        return warnings;
    }
}
