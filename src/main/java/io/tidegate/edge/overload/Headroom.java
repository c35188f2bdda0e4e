package io.tidegate.edge.overload;

import io.micrometer.core.instrument.MeterRegistry;
import io.tidegate.edge.connection.BodyBudget;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides whether the node has resources for new work. Refusing some work early keeps the work in progress alive: a
 * process without descriptors cannot even load a class, and one without memory cannot respond. Thread-safe;
 * the queries are cheap, and a sample takes milliseconds.
 */
public final class Headroom implements BodyBudget {

    private static final Logger LOG = LoggerFactory.getLogger(Headroom.class);

    /** No address may hold more than this part of the descriptors: a request to an origin takes a second one. */
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
     * Creates the headroom of this process, with metrics in this registry.
     *
     * @param maxDirect the maximum size of the direct memory in bytes
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

    /** Samples the process; blocks. Must be called about twice a second. */
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

    /** Returns whether to refuse work that would hold memory for long, or a large amount of it. */
    public boolean heapShort() {
        return heapShort;
    }

    /**
     * Counts a client that has connected, because many may connect between two samples.
     *
     * @param address the address whose share the connection counts towards; empty for a trusted proxy, which connects
     *     for many clients
     * @return whether to keep the connection; if not, it must be closed at once, because the maximum number of clients
     *     is connected, the address has its share, or the remaining descriptors are reserved for the node itself
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
     * Counts a client that has disconnected. Must be called for every client that {@link #connected} has counted, with
     * the same address.
     */
    public void disconnected(Optional<String> address) {
        descriptors.decrementAndGet();
        clients.decrementAndGet();
        address.ifPresent(shares::release);
        updateDescriptors();
    }

    /** Returns the maximum number of connections of one address, which never include most of the descriptors. */
    private int share(long descriptorLimit) {
        int configured = options.connectionsPerAddress();
        return descriptorLimit <= 0
                ? configured
                : (int) Math.max(1, Math.min(configured, descriptorLimit / SHARES_OF_DESCRIPTORS));
    }

    /**
     * Reserves memory for a request body, from before it is read until the response.
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

    /** Returns the bound on the memory for data that clients have not accepted yet. */
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
