package io.tidegate.bench;

import java.time.Duration;
import java.util.List;

/**
 * The options of a run.
 *
 * @param loops the number of event loops that read streams; an additional event loop publishes
 * @param ramp the maximum number of streams that are being opened at the same time
 * @param patience the time without progress, such as a delivery, after which the run stops waiting and counts missing
 *     events as lost
 * @param pids the IDs of the target's processes on this machine, whose CPU time and memory are measured; may be empty
 */
public record BenchOptions(Target target, Load load, int loops, int ramp, Duration patience, List<Long> pids) {

    /**
     * Checks the options.
     *
     * @throws IllegalArgumentException if an option is invalid; the message names the option
     */
    public BenchOptions {
        if (loops < 1 || loops > 64) {
            throw new IllegalArgumentException("--loops must be between 1 and 64, not " + loops);
        }
        if (ramp < 1) {
            throw new IllegalArgumentException("--ramp must be at least 1");
        }
        if (patience.isNegative() || patience.isZero()) {
            throw new IllegalArgumentException("--patience must be longer than 0s");
        }
        pids = List.copyOf(pids);
        for (long pid : pids) {
            if (ProcessHandle.of(pid).isEmpty()) {
                throw new IllegalArgumentException("--pid must be a running process, not " + pid);
            }
        }
    }

    public static BenchOptions of(Target target, Load load) {
        return new BenchOptions(target, load, 1, 256, Duration.ofSeconds(10), List.of());
    }
}
