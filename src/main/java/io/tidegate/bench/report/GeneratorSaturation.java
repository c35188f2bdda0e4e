package io.tidegate.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * How hard the generator itself had to work. Where that is too hard, what it measured is its own speed.
 *
 * @param busiest share of a core that its busiest event loop used
 * @param lagMillis how late the latest of its event loops was, 99 times of 100 at most
 * @param late events that left late because of it
 * @param events events that were to leave
 */
public record GeneratorSaturation(double busiest, double lagMillis, long late, long events) {

    /** What leaves later than this after it was due is counted as late. */
    public static final long LATE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private static final double BUSY = 0.85;
    private static final double LAG_MILLIS = 10;
    private static final double LATE_SHARE = 0.01;

    /** Whether the figures may be those of the generator and not of the target. */
    public boolean bottleneck() {
        return !warnings().isEmpty();
    }

    /** What was too much, in a sentence each; empty when nothing was. */
    public List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        if (busiest >= BUSY) {
            warnings.add(String.format(
                    Locale.ROOT,
                    "its busiest event loop used %.0f %% of a core; try more --loops where there are cores, or a slower load",
                    busiest * 100));
        }
        if (lagMillis >= LAG_MILLIS) {
            warnings.add(String.format(
                    Locale.ROOT,
                    "an event loop of it came up to %.1f ms late to its work (p99), which is part of the latencies here",
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
