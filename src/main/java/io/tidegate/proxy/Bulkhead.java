package io.tidegate.proxy;

import io.tidegate.proxy.origin.ClientKey;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Limits the number of concurrent requests and the number of requests that queue for a permit, and shares both among
 * the clients. A client gets another permit only while it has at most as many as are free: one client can take about
 * half of the permits, two a third each, and some remain for the next client (the dynamic thresholds of Choudhury and
 * Hahne). A released permit goes to the waiting client with the fewest permits. A trusted proxy, whose clients are
 * unknown, is not limited to a share. Owned by one event loop.
 */
final class Bulkhead {

    /** The numbers of permits and of queued requests of one client. */
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

    /** @param waiting the number of waiting requests on all event loops */
    Bulkhead(int permits, int maxQueued, AtomicInteger waiting) {
        this.permits = permits;
        this.maxQueued = maxQueued;
        this.waiting = waiting;
    }

    /** Takes a permit if one is free for the client; the caller must return it with {@link #release}. */
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

    /** Queues for a permit; returns false if the queue is full for the client. The callback owns the permit. */
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

    /** Releases a permit of the client, and passes it on to a waiting client. */
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

    /** Returns the number of permits that the client has. */
    int inUse(ClientKey client) {
        Share share = shares.get(client.address());
        return share == null ? 0 : share.running;
    }

    private boolean mayRun(ClientKey client, Share share) {
        int free = permits - inUse;
        return free > 0 && (client.proxy() || share.running <= free);
    }

    /** Returns the request that has waited longest among those whose client has the fewest permits. */
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
