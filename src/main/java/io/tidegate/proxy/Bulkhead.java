package io.tidegate.proxy;

import io.tidegate.proxy.origin.ClientKey;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Limits the number of concurrent requests and the number of requests that queue for a permit, and divides both fairly
 * among clients. A client gets another permit only while it holds at most as many as are free: one client can take
 * about half of the permits, two can take a third each, and some always remain for the next client (Choudhury and
 * Hahne's dynamic thresholds). A released permit goes to the waiting client that holds the fewest permits. A trusted
 * proxy whose clients are unknown is not limited to a share. Owned by one event loop.
 */
final class Bulkhead {

    /** The number of permits that one client holds and the number of its queued requests. */
    private static final class Share {
        private int running;
        private int queued;
    }

    private record Waiter(ClientKey client, Share share, Runnable onPermit) {}

    private final Map<String, Share> shares = new HashMap<>();
    private final Deque<Waiter> queue = new ArrayDeque<>();
    private final int permits;
    private final int maxQueued;
    private final AtomicInteger waiting;
    private int inUse;

    /**
     * Creates a bulkhead.
     *
     * @param waiting the shared count of waiting requests on all event loops
     */
    Bulkhead(int permits, int maxQueued, AtomicInteger waiting) {
        this.permits = permits;
        this.maxQueued = maxQueued;
        this.waiting = waiting;
    }

    /** Takes a permit if the client may have one; the caller must then return it with {@link #release}. */
    boolean tryAcquire(ClientKey client) {
        Share share = share(client);
        boolean acquired = mayRun(client, share);
        if (acquired) {
            inUse++;
            share.running++;
        }
        forgetIfIdle(client, share);
        return acquired;
    }

    /** Queues for a permit. Returns false if the client cannot queue another request. The callback owns the permit. */
    boolean enqueue(ClientKey client, Runnable onPermit) {
        Share share = share(client);
        int left = maxQueued - queue.size();
        boolean queued = left > 0 && (client.proxy() || share.queued <= left);
        if (queued) {
            queue.add(new Waiter(client, share, onPermit));
            share.queued++;
            waiting.incrementAndGet();
        }
        forgetIfIdle(client, share);
        return queued;
    }

    /** Removes a callback from the queue. */
    void withdraw(Runnable onPermit) {
        queue.stream()
                .filter(waiter -> waiter.onPermit.equals(onPermit))
                .findFirst()
                .ifPresent(this::dequeue);
    }

    /** Releases one of the client's permits, which passes to a waiting client if there is one. */
    void release(ClientKey client) {
        Share share = share(client);
        inUse--;
        share.running--;
        forgetIfIdle(client, share);
        Waiter next = next();
        while (next != null && mayRun(next.client, next.share)) {
            inUse++;
            next.share.running++;
            dequeue(next);
            next.onPermit.run();
            next = next();
        }
    }

    int inUse() {
        return inUse;
    }

    /** Returns the number of permits that the client holds. */
    int inUse(ClientKey client) {
        Share share = shares.get(client.address());
        return share == null ? 0 : share.running;
    }

    private boolean mayRun(ClientKey client, Share share) {
        int free = permits - inUse;
        return free > 0 && (client.proxy() || share.running <= free);
    }

    /** Returns the longest-waiting request among those whose client holds the fewest permits. */
    private @Nullable Waiter next() {
        Waiter best = null;
        for (Waiter waiter : queue) {
            if (best == null || running(waiter) < running(best)) {
                best = waiter;
            }
        }
        return best;
    }

    private static int running(Waiter waiter) {
        return waiter.client.proxy() ? 0 : waiter.share.running;
    }

    private void dequeue(Waiter waiter) {
        queue.remove(waiter);
        waiter.share.queued--;
        waiting.decrementAndGet();
        forgetIfIdle(waiter.client, waiter.share);
    }

    private Share share(ClientKey client) {
        return shares.computeIfAbsent(client.address(), absent -> new Share());
    }

    private void forgetIfIdle(ClientKey client, Share share) {
        if (share.running == 0 && share.queued == 0) {
            shares.remove(client.address());
        }
    }
}
