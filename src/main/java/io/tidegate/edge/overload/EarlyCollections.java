package io.tidegate.edge.overload;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Runs a garbage collection soon after the old generation has grown. In later JDKs, the serial collector first lets the
 * old generation grow to the heap limit, and the journal's recent events are promoted to that generation; without early
 * collections, it would fill with garbage. Has no effect with other collectors, which return memory by themselves.
 */
public final class EarlyCollections {

    /** The number of bytes by which the old generation may grow in any case, even if it contains few live objects. */
    private static final long MAY_GROW = 2L << 20;

    /**
     * The minimum time between two collections. More frequent collections could stop all threads for as much as a tenth
     * of the time.
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

    /** Applies new options, beginning with the next sample. */
    public void reconfigure(OverloadOptions options) {
        enabled = options.earlyCollections();
    }

    /** Samples the heap, and runs a full garbage collection if one is due. Blocks until the collection has ended. */
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
