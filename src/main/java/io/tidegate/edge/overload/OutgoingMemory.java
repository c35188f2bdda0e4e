package io.tidegate.edge.overload;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * Limits the memory that holds data until clients accept it: the frames of streams that are behind, pages and lists.
 * One client may take at most a quarter of that memory. Total usage is measured rather than counted, because streams
 * share buffers; only the share of each client is counted. Thread-safe.
 */
public final class OutgoingMemory {

    /** Data up to this size in bytes may be sent to the live streams of a group without a call to {@link #suffices}. */
    public static final int SMALL = 16 << 10;

    private static final int SHARES = 4;

    /** A client that has a share of the memory: a subject at an address. */
    public record Recipient(String subject, String address) {}

    private final LongSupplier inUse;
    private final Map<Recipient, Long> held = new ConcurrentHashMap<>();
    private final LongAdder total = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private volatile long limit;

    /**
     * Creates a limit.
     *
     * @param limit the maximum number of bytes
     * @param inUse a function that returns the number of bytes in all buffers that are in use; may be called on any
     *     thread
     */
    OutgoingMemory(long limit, LongSupplier inUse) {
        this.limit = limit;
        this.inUse = inUse;
    }

    /** Returns an instance whose limit is never reached. */
    public static OutgoingMemory unlimited() {
        return new OutgoingMemory(Long.MAX_VALUE, () -> 0);
    }

    /** Changes the maximum number of bytes. */
    void limit(long bytes) {
        limit = bytes;
    }

    /** Returns the maximum number of bytes. */
    public long limit() {
        return limit;
    }

    /**
     * Returns whether data of this size in bytes may be encoded for live streams now. Live streams are served from one
     * half of the memory, so that streams that are behind, and other clients, can use the other half.
     */
    public boolean suffices(long bytes) {
        return counted(bytes <= limit / 2 - used());
    }

    /**
     * Reserves memory for one client. If the client has nothing reserved, it may get more than its share, provided that
     * the memory suffices.
     *
     * @return whether the memory was reserved; if so, {@link #release} must be called
     */
    public boolean reserve(Recipient client, long bytes) {
        boolean reserved = bytes <= limit - used() && hold(client, bytes);
        if (reserved) {
            total.add(bytes);
        }
        return counted(reserved);
    }

    public void release(Recipient client, long bytes) {
        total.add(-bytes);
        held.computeIfPresent(client, (name, known) -> known > bytes ? known - bytes : null);
    }

    private boolean hold(Recipient client, long bytes) {
        long share = limit / SHARES;
        boolean[] fits = new boolean[1];
        held.compute(client, (name, known) -> {
            fits[0] = known == null || known + bytes <= share;
            return fits[0] ? (known == null ? 0 : known) + bytes : known;
        });
        return fits[0];
    }

    private boolean counted(boolean granted) {
        if (!granted) {
            refused.increment();
        }
        return granted;
    }

    /** Returns how many times the memory did not suffice. */
    long refused() {
        return refused.sum();
    }

    /**
     * Returns the number of bytes in use, which is the larger of the measured and the reserved amount: pending data may
     * be in heap buffers, which are not measured, and live streams do not reserve memory.
     */
    long used() {
        return Math.max(inUse.getAsLong(), total.sum());
    }
}
