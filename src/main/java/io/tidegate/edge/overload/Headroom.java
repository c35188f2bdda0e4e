package io.tidegate.edge.overload;

import io.micrometer.core.instrument.MeterRegistry;
import io.tidegate.edge.connection.BodyBudget;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Determines whether the node has resources for new work. Refusing some work early protects the work in progress: a
 * process that runs out of descriptors cannot even load a class, and one that runs out of memory cannot respond.
 * Thread-safe. Queries are cheap; taking a sample takes milliseconds.
 */
public final class Headroom implements BodyBudget {

    private static final Logger LOG = LoggerFactory.getLogger(Headroom.class);

    /**
     * An address may have at most the descriptor limit divided by this number of connections, because a request to an
     * origin takes a second descriptor.
     */
    private static final int SHARES_OF_DESCRIPTORS = 4;

    private final SystemProbe probe;
    private final LongSupplier nanoTime;
    private final long maxHeap;
    private final long maxDirect;
    private final OutgoingMemory outgoing;
    private final AtomicLong descriptors = new AtomicLong();
    private final AtomicLong clients = new AtomicLong();
    private final AtomicLong bodies = new AtomicLong();
    private final ConnectionShares shares;
    private final OverloadMetrics metrics;
    private final Hysteresis onDescriptors = new Hysteresis();
    private final Hysteresis onHeap = new Hysteresis();
    private final FreshReading heap = new FreshReading();
    private volatile OverloadOptions options;
    private volatile boolean descriptorsShort;
    private volatile boolean heapShort;

    /**
     * Creates an instance for this process and registers its metrics.
     *
     * @param maxDirect the maximum amount of direct memory in bytes
     */
    public Headroom(OverloadOptions options, MeterRegistry registry, long maxDirect) {
        this(
                options,
                registry,
                new JvmProbe(),
                System::nanoTime,
                Runtime.getRuntime().maxMemory(),
                maxDirect);
    }

    Headroom(
            OverloadOptions options,
            MeterRegistry registry,
            SystemProbe probe,
            LongSupplier nanoTime,
            long maxHeap,
            long maxDirect) {
        this.options = options;
        this.probe = probe;
        this.nanoTime = nanoTime;
        this.maxHeap = maxHeap;
        this.maxDirect = maxDirect;
        this.outgoing = new OutgoingMemory(maxDirect / 100 * options.outgoing(), probe::buffers);
        this.shares = new ConnectionShares(nanoTime);
        this.metrics = new OverloadMetrics(registry, this);
    }

    /** Applies new thresholds. */
    public void reconfigure(OverloadOptions changed) {
        options = changed;
        outgoing.limit(maxDirect / 100 * changed.outgoing());
    }

    /** Samples the process, which blocks. Must be called about twice a second. */
    public synchronized void sample() {
        descriptors.set(probe.descriptors());
        heapShort = logChange(
                "heap",
                heapShort,
                onHeap.update(heap.update(probe.heap(), nanoTime.getAsLong()), probe.heapLimit(), options.heap()));
        updateDescriptors();
    }

    /** Returns the maximum number of open files and sockets; 0 if unknown. */
    public long descriptorLimit() {
        return probe.descriptorLimit();
    }

    /** Returns whether to refuse work that would hold a descriptor for long. */
    public boolean descriptorsShort() {
        return descriptorsShort;
    }

    /** Returns whether to refuse work that would hold memory for long or hold a large amount of it. */
    public boolean heapShort() {
        return heapShort;
    }

    /**
     * Counts a client that has connected. Connections are counted individually because many may be opened between two
     * samples.
     *
     * @param address the address to whose share the connection counts; empty for a trusted proxy, which connects on
     *     behalf of many clients
     * @return whether to keep the connection; if not, it must be closed immediately, because the maximum number of
     *     clients are connected, the address has exhausted its share, or the remaining descriptors are reserved for the
     *     node itself
     */
    public boolean connected(Optional<String> address) {
        long open = descriptors.incrementAndGet();
        updateDescriptors();
        long limit = probe.descriptorLimit();
        boolean withinShare = address.isEmpty() || shares.acquire(address.get(), share(limit));
        boolean withinNode = clients.incrementAndGet() <= options.connections()
                && (limit <= 0 || limit - open >= reservedDescriptors(limit));
        if (!withinShare) {
            metrics.refused(OverloadMetrics.Limit.ADDRESS);
        } else if (!withinNode) {
            metrics.refused(OverloadMetrics.Limit.NODE);
        }
        return withinShare && withinNode;
    }

    /**
     * Counts a client that has disconnected. Must be called, with the same address, for every client that
     * {@link #connected} has counted.
     */
    public void disconnected(Optional<String> address) {
        descriptors.decrementAndGet();
        clients.decrementAndGet();
        address.ifPresent(shares::release);
        updateDescriptors();
    }

    /** Returns the maximum number of connections from one address, which is only a fraction of the descriptor limit. */
    private int share(long descriptorLimit) {
        int configured = options.connectionsPerAddress();
        return descriptorLimit <= 0
                ? configured
                : (int) Math.max(1, Math.min(configured, descriptorLimit / SHARES_OF_DESCRIPTORS));
    }

    /**
     * Reserves memory for a request body. The reservation is made before the body is read, and is held until the
     * response has ended.
     *
     * @return whether the memory was reserved; if so, {@link #release} must be called
     */
    @Override
    public boolean reserve(long bytes) {
        long limit = maxHeap / 100 * options.bodies();
        if (bodies.addAndGet(bytes) > limit) {
            bodies.addAndGet(-bytes);
            return false;
        }
        return true;
    }

    @Override
    public void release(long bytes) {
        bodies.addAndGet(-bytes);
    }

    /** Returns the limit on the memory for data that clients have not accepted yet. */
    public OutgoingMemory outgoing() {
        return outgoing;
    }

    /** Returns the number of bytes that are reserved for request bodies. */
    public long bodies() {
        return bodies.get();
    }

    /** Returns the number of descriptors that are reserved for the journal, the origins and child processes. */
    private static long reservedDescriptors(long limit) {
        return Math.max(8, limit / 50);
    }

    private synchronized void updateDescriptors() {
        descriptorsShort = logChange(
                "descriptors",
                descriptorsShort,
                onDescriptors.update(descriptors.get(), probe.descriptorLimit(), options.descriptors()));
    }

    private static boolean logChange(String resource, boolean previous, boolean now) {
        if (previous != now) {
            LOG.warn("event={} resource={}", now ? "overload-began" : "overload-ended", resource);
        }
        return now;
    }
}
