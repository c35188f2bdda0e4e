package io.tidegate.edge.overload;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether there is room for new work. Refusing some of it early keeps the work under way alive: a process without
 * descriptors cannot even read a class, and one without memory answers nobody. Safe from any thread; asking costs nothing,
 * looking costs milliseconds.
 */
public final class Headroom {

    private static final Logger LOG = LoggerFactory.getLogger(Headroom.class);

    private final SystemProbe machine;
    private final LongSupplier nanoTime;
    private final long heapOfAll;
    private final AtomicLong descriptors = new AtomicLong();
    private final AtomicLong clients = new AtomicLong();
    private final AtomicLong bodies = new AtomicLong();
    private final AtomicLong turnedAway = new AtomicLong();
    private final Hysteresis onDescriptors = new Hysteresis();
    private final Hysteresis onHeap = new Hysteresis();
    private final FreshReading heap = new FreshReading();
    private volatile OverloadOptions options;
    private volatile boolean descriptorsShort;
    private volatile boolean heapShort;

    /** Makes what looks after this process, and shows it in this registry. */
    public Headroom(OverloadOptions options, MeterRegistry registry) {
        this(
                options,
                registry,
                new JvmProbe(),
                System::nanoTime,
                Runtime.getRuntime().maxMemory());
    }

    Headroom(
            OverloadOptions options,
            MeterRegistry registry,
            SystemProbe machine,
            LongSupplier nanoTime,
            long heapOfAll) {
        this.options = options;
        this.machine = machine;
        this.nanoTime = nanoTime;
        this.heapOfAll = heapOfAll;
        OverloadMetrics.register(registry, this);
    }

    /** Goes on with these marks. */
    public void reconfigure(OverloadOptions given) {
        options = given;
    }

    /** Samples the process; blocks. Must be called about twice a second. */
    public synchronized void sample() {
        descriptors.set(machine.descriptors());
        heapShort = tell(
                "heap",
                heapShort,
                onHeap.of(heap.of(machine.heap(), nanoTime.getAsLong()), machine.heapLimit(), options.heap()));
        judgeDescriptors();
    }

    /** Whether to take no more that would hold a descriptor for long. */
    public boolean descriptorsShort() {
        return descriptorsShort;
    }

    /** Whether to take no more that would hold memory for long or hold much. */
    public boolean heapShort() {
        return heapShort;
    }

    /**
     * A client has connected; between two looks a thousand may.
     *
     * @return whether it can be kept; if not, it is to be closed at once, since there are as many as there may be, or the
     *     rest is for the node itself
     */
    public boolean connected() {
        long open = descriptors.incrementAndGet();
        judgeDescriptors();
        long limit = machine.descriptorLimit();
        boolean kept =
                clients.incrementAndGet() <= options.connections() && (limit <= 0 || limit - open >= reserve(limit));
        if (!kept) {
            turnedAway.incrementAndGet();
        }
        return kept;
    }

    /** A client for which {@link #connected} was called has gone. */
    public void disconnected() {
        descriptors.decrementAndGet();
        clients.decrementAndGet();
        judgeDescriptors();
    }

    /**
     * Takes room for a request body, from before it is read until it is answered.
     *
     * @return whether there was; only then to be followed by {@link #release}
     */
    public boolean take(long bytes) {
        long limit = heapOfAll / 100 * options.bodies();
        if (bodies.addAndGet(bytes) > limit) {
            bodies.addAndGet(-bytes);
            return false;
        }
        return true;
    }

    public void release(long bytes) {
        bodies.addAndGet(-bytes);
    }

    /** Bytes of request bodies that room is taken for. */
    public long bodies() {
        return bodies.get();
    }

    /** How many clients were closed as soon as they had connected. */
    public long turnedAway() {
        return turnedAway.get();
    }

    /** What the journal, the origins and children need to go on while no client gets in. */
    private static long reserve(long limit) {
        return Math.max(8, limit / 50);
    }

    private synchronized void judgeDescriptors() {
        descriptorsShort = tell(
                "descriptors",
                descriptorsShort,
                onDescriptors.of(descriptors.get(), machine.descriptorLimit(), options.descriptors()));
    }

    private static boolean tell(String resource, boolean before, boolean now) {
        if (before != now) {
            LOG.warn("event={} resource={}", now ? "overload-began" : "overload-ended", resource);
        }
        return now;
    }
}
