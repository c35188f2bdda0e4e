package io.tidegate.edge.overload;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Runs a garbage collection soon after the old generation has grown. The serial collector of later JDKs lets the old
 * generation grow to the limit of the heap first, and the recent events of the journal are promoted to it: without
 * early collections, that memory would fill with garbage. Has no effect under other collectors, which return memory by
 * themselves.
 */
public final class EarlyCollections {

    /** The number of bytes by which the old generation may always grow, even if it contains few live objects. */
    private static final long MAY_GROW = 2L << 20;

    /**
     * The minimum time between two collections, because more frequent ones would stop all threads for a tenth of the
     * time.
     */
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

    /** Applies new options from the next sample on. */
    public void reconfigure(OverloadOptions options) {
        enabled = options.earlyCollections();
    }

    /** Samples the heap and runs a garbage collection if one is due; blocks until a full collection has ended. */
    public synchronized void sample() {
        if (!enabled) {
            return;
        }
        long live = probe.heap();
        long now = nanoTime.getAsLong();
        boolean grown = probe.heapNow() - live > Math.max(MAY_GROW, live / 4);
        if (grown && now - collected >= PAUSE.toNanos()) {
            collected = now;
            probe.collect();
        }
    }
}
