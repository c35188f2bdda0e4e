package io.tidegate.bench.workload;

import java.time.Duration;
import java.util.List;

/**
 * A run.
 *
 * @param loops event loops that read streams; one more publishes
 * @param ramp how many streams are being opened at a time
 * @param patience how long nothing may arrive before what is missing counts as lost
 * @param pids processes of the target on this machine, whose processor time and memory are measured; empty for none
 */
public record BenchOptions(Target target, Load load, int loops, int ramp, Duration patience, List<Long> pids) {

    /**
     * Checks what was given.
     *
     * @throws IllegalArgumentException with the option that is wrong
     */
    public BenchOptions {
        if (loops < 1 || loops > 64) {
            throw new IllegalArgumentException("--loops must be 1 to 64, not " + loops);
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
                throw new IllegalArgumentException("--pid: no process " + pid + " runs here");
            }
        }
    }

    public static BenchOptions of(Target target, Load load) {
        return new BenchOptions(target, load, 1, 256, Duration.ofSeconds(10), List.of());
    }
}
