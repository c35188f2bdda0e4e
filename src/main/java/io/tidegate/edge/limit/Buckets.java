package io.tidegate.edge.limit;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import io.tidegate.meter.LogThrottle;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The token buckets for one rate: one for each client, up to a fixed number of clients. Thread-safe.
 *
 * <p>Only full buckets are removed, because a full bucket is equivalent to a new one. Therefore a client cannot gain a
 * new burst by using many addresses to have its own bucket evicted. While the map is at capacity and no bucket is full,
 * each new client uses one of a few shared buckets, which is chosen by hash.
 */
final class Buckets {

    private static final Logger LOG = LoggerFactory.getLogger(Buckets.class);

    /** The number of buckets that new clients share while the map is at capacity; a power of two. */
    private static final int SHARED = 256;

    /** The minimum time between two scans of all buckets. */
    private static final long PURGE_INTERVAL_NANOS = Duration.ofSeconds(1).toNanos();

    private static final long ALMOST_A_SECOND = TimeUnit.SECONDS.toNanos(1) - 1;

    private final String policy;
    private final Rate rate;
    private final int capacity;
    private final TimeMeter clock;
    private final Map<String, Bucket> buckets = new ConcurrentHashMap<>();
    private final AtomicReferenceArray<Bucket> shared = new AtomicReferenceArray<>(SHARED);
    /** The hash seed, which is random so that clients cannot predict which of them share a bucket. */
    private final int seed = ThreadLocalRandom.current().nextInt();

    private final AtomicLong nextPurge;
    private final LogThrottle refusals;

    /**
     * Creates the buckets for a rate.
     *
     * @param policy the name of the rate, which clients and the log see
     * @param capacity the maximum number of clients with separate buckets
     * @param nanoTime the clock, in nanoseconds
     */
    Buckets(String policy, Rate rate, int capacity, LongSupplier nanoTime) {
        this.policy = policy;
        this.rate = rate;
        this.capacity = capacity;
        this.clock = new Clock(nanoTime);
        this.nextPurge = new AtomicLong(nanoTime.getAsLong());
        this.refusals = new LogThrottle(nanoTime);
    }

    /** Takes one token from the client's bucket; returns a refusal if the bucket is empty. */
    Optional<Refused> take(String client) {
        long nanos = bucket(client).tryConsumeAndReturnRemaining(1).getNanosToWaitForRefill();
        if (nanos == 0) {
            return Optional.empty();
        }
        long count = refusals.occurred();
        if (count > 0) {
            LOG.warn("event=requests-refused rate={} count={} client=\"{}\"", policy, count, client);
        }
        return Optional.of(new Refused(policy, rate, (int) TimeUnit.NANOSECONDS.toSeconds(nanos + ALMOST_A_SECOND)));
    }

    int size() {
        return buckets.size();
    }

    private Bucket bucket(String client) {
        Bucket own = buckets.get(client);
        if (own != null) {
            return own;
        }
        if (buckets.size() >= capacity) {
            purge();
        }
        return buckets.size() < capacity ? buckets.computeIfAbsent(client, absent -> full()) : shared(client);
    }

    /**
     * Removes the full buckets, but at most once per interval, so that a thousand simultaneous new clients do not cause
     * a thousand scans.
     */
    private void purge() {
        long due = nextPurge.get();
        long now = clock.currentTimeNanos();
        if (now - due >= 0 && nextPurge.compareAndSet(due, now + PURGE_INTERVAL_NANOS)) {
            buckets.values().removeIf(bucket -> bucket.getAvailableTokens() >= rate.burst());
        }
    }

    private Bucket shared(String client) {
        int hash = (client.hashCode() ^ seed) * 0x9e3779b9;
        int slot = hash >>> (Integer.SIZE - Integer.numberOfTrailingZeros(SHARED));
        Bucket existing = shared.get(slot);
        if (existing == null) {
            shared.compareAndSet(slot, null, full());
            existing = shared.get(slot);
        }
        return existing;
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
