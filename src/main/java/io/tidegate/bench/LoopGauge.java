package io.tidegate.bench;

import io.netty.channel.EventLoop;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** Measures the load on one of the generator's event loops and the delay of its scheduled tasks. Owned by that loop. */
@SuppressWarnings("FutureReturnValueIgnored") // the scheduled task need not be cancelled; it ends with the loop
final class LoopGauge {

    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    /**
     * The measurement since {@link #begin}.
     *
     * @param busy the share of a CPU core that the loop's thread used
     * @param lag the delays of scheduled tasks, in microseconds
     */
    record Reading(double busy, Histogram lag) {}

    private final EventLoop loop;
    private Histogram lag = Counts.histogram();
    private long began;
    private long beganCpu;
    private boolean ticking;

    LoopGauge(EventLoop loop) {
        this.loop = loop;
    }

    EventLoop loop() {
        return loop;
    }

    void begin() {
        lag = Counts.histogram();
        began = System.nanoTime();
        beganCpu = cpu();
        if (!ticking) {
            ticking = true;
            tick(System.nanoTime());
        }
    }

    Reading read() {
        double busy = (double) (cpu() - beganCpu) / Math.max(1, System.nanoTime() - began);
        return new Reading(busy, lag.copy());
    }

    private void tick(long due) {
        long now = System.nanoTime();
        Counts.record(lag, now - due);
        long next = Math.max(due, now) + TICK_NANOS;
        loop.schedule(() -> tick(next), next - now, TimeUnit.NANOSECONDS);
    }

    private static long cpu() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }
}
