package io.tidegate.edge.limit;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.LongSupplier;

/**
 * The clients of one rate, each with a bucket, and never more than a bound. Safe from every thread.
 *
 * <p>Only a bucket that is full again is forgotten: it is worth as much as a new one. So nobody gains by making others
 * known, however many addresses he has. While as many clients as are allowed have buckets that are not full, newcomers
 * share some buckets by chance.
 */
public final class Buckets {

    /** How many buckets newcomers share while there is no room; a power of two. */
    private static final int SHARED = 256;

    private static final long SWEEP_NANOS = Duration.ofSeconds(1).toNanos();

    private final Rate rate;
    private final int capacity;
    private final TimeMeter clock;
    private final Map<String, Bucket> known = new ConcurrentHashMap<>();
    private final AtomicReferenceArray<Bucket> shared = new AtomicReferenceArray<>(SHARED);
    /** Nobody outside knows who shares a bucket with whom. */
    private final int seed = ThreadLocalRandom.current().nextInt();

    private final AtomicLong nextSweep;

    /**
     * Makes the buckets of a rate.
     *
     * @param capacity how many clients are known by name
     * @param nanoTime the clock
     */
    public Buckets(Rate rate, int capacity, LongSupplier nanoTime) {
        this.rate = rate;
        this.capacity = capacity;
        this.clock = new Clock(nanoTime);
        this.nextSweep = new AtomicLong(nanoTime.getAsLong());
    }

    /**
     * Takes one of what the client has left.
     *
     * @return 0 when there was one, else the nanoseconds until there is
     */
    public long take(String client) {
        return bucket(client).tryConsumeAndReturnRemaining(1).getNanosToWaitForRefill();
    }

    public Rate rate() {
        return rate;
    }

    int size() {
        return known.size();
    }

    private Bucket bucket(String client) {
        Bucket own = known.get(client);
        if (own != null) {
            return own;
        }
        if (known.size() >= capacity) {
            sweep();
        }
        return known.size() < capacity ? known.computeIfAbsent(client, newcomer -> full()) : shared(client);
    }

    /** A thousand newcomers in a moment do not each look through all. */
    private void sweep() {
        long due = nextSweep.get();
        long now = clock.currentTimeNanos();
        if (now - due >= 0 && nextSweep.compareAndSet(due, now + SWEEP_NANOS)) {
            known.values().removeIf(bucket -> bucket.getAvailableTokens() >= rate.burst());
        }
    }

    private Bucket shared(String client) {
        int hash = (client.hashCode() ^ seed) * 0x9e3779b9;
        int slot = hash >>> (Integer.SIZE - Integer.numberOfTrailingZeros(SHARED));
        Bucket there = shared.get(slot);
        if (there == null) {
            shared.compareAndSet(slot, null, full());
            there = shared.get(slot);
        }
        return there;
    }

    private Bucket full() {
        return Bucket.builder()
                .addLimit(limit -> limit.capacity(rate.burst()).refillGreedy(rate.perMinute(), Duration.ofMinutes(1)))
                .withCustomTimePrecision(clock)
                .build();
    }

    private record Clock(LongSupplier nanoTime) implements TimeMeter {

        @Override
        public long currentTimeNanos() {
            return nanoTime.getAsLong();
        }

        @Override
        public boolean isWallClockBased() {
            return false;
        }
    }
}
