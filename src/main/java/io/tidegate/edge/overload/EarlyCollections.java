package io.tidegate.edge.overload;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Collects the heap soon after its old generation has grown. The serial collector of later JDKs lets the old generation grow
 * to the limit of the heap first, and events grow old among the recent ones: the process would keep all of that memory for
 * garbage. Does nothing under other collectors, which return memory by themselves.
 */
public final class EarlyCollections {

    /** The old generation may always grow by this many bytes, however little of it is alive. */
    private static final long MAY_GROW = 2L << 20;

    /** A heap that grows faster is left to the collector, or threads would stop for a tenth of the time. */
    private static final Duration PAUSE = Duration.ofSeconds(5);

    private final SystemProbe probe;
    private final LongSupplier nanoTime;
    private long collected;
    private volatile boolean enabled;

    public EarlyCollections(OverloadOptions options) {
        this(options, new JvmProbe(), System::nanoTime);
    }

    EarlyCollections(OverloadOptions options, SystemProbe probe, LongSupplier nanoTime) {
        this.probe = probe;
        this.nanoTime = nanoTime;
        this.collected = nanoTime.getAsLong() - PAUSE.toNanos();
        this.enabled = options.earlyCollections();
    }

    /** Applies other options from the next sample on. */
    public void reconfigure(OverloadOptions options) {
        enabled = options.earlyCollections();
    }

    /** Samples the heap and collects it if that is due; blocks for the time of a full collection then. */
    public synchronized void sample() {
        if (!enabled) {
            return;
        }
        long alive = probe.heap();
        long now = nanoTime.getAsLong();
        boolean grown = probe.heapNow() - alive > Math.max(MAY_GROW, alive / 4);
        if (grown && now - collected >= PAUSE.toNanos()) {
            collected = now;
            probe.collect();
        }
    }
}
