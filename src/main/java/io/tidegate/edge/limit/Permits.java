package io.tidegate.edge.limit;

import io.tidegate.edge.limit.LimitMetrics.Limit;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Counts the open streams per node, subject and address. Thread-safe; locks are held for less than a microsecond. All
 * three counts are checked and updated in one step, so concurrent requests can neither exceed a cap nor be refused
 * unnecessarily.
 */
public final class Permits {

    private final LimitMetrics metrics;
    private final Map<String, Share> subjects = new HashMap<>();
    private final Map<String, Share> addresses = new HashMap<>();
    private StreamLimits limits;
    private long number;
    private int inUse;

    Permits(StreamLimits limits, LimitMetrics metrics) {
        this.limits = limits;
        this.metrics = metrics;
    }

    /** Applies new caps. If a cap is lowered, streams in excess of it remain open. */
    public synchronized void reconfigure(StreamLimits changed) {
        limits = changed;
    }

    /**
     * Acquires a permit for another stream.
     *
     * @param subject the subject of the caller's token; empty if there is no token, in which case only the node's cap
     *     and the address's cap apply
     * @param address the address of the client
     * @return the permit; empty if a cap is reached
     */
    public Optional<Permit> tryAcquire(String subject, String address) {
        Limit reached;
        synchronized (this) {
            Share ofSubject = subjects.get(subject);
            Share ofAddress = addresses.get(address);
            if (inUse >= limits.perNode()) {
                reached = Limit.NODE;
            } else if (ofSubject != null && !subject.isEmpty() && ofSubject.streams >= limits.perSubject()) {
                reached = Limit.SUBJECT;
            } else if (ofAddress != null && ofAddress.streams >= limits.perAddress()) {
                reached = Limit.ADDRESS;
            } else {
                inUse++;
                number++;
                return Optional.of(new Permit(this, number, add(subjects, subject), add(addresses, address)));
            }
        }
        metrics.streamRefused(reached);
        return Optional.empty();
    }

    synchronized void release(Permit permit) {
        if (permit.markReleased()) {
            inUse--;
            subtract(subjects, permit.ofSubject());
            subtract(addresses, permit.ofAddress());
        }
    }

    public synchronized int inUse() {
        return inUse;
    }

    /** Returns the maximum number of open streams on the node. */
    public synchronized int limit() {
        return limits.perNode();
    }

    synchronized int names() {
        return subjects.size() + addresses.size();
    }

    private static Share add(Map<String, Share> shares, String name) {
        Share share = shares.computeIfAbsent(name, Share::new);
        share.streams++;
        return share;
    }

    private static void subtract(Map<String, Share> shares, Share share) {
        share.streams--;
        if (share.streams == 0) {
            shares.remove(share.name);
        }
    }

    /**
     * The number of streams of one subject or address. These streams share the string with its name. Guarded by the
     * lock of {@link Permits}.
     */
    static final class Share {

        private final String name;
        private int streams;

        private Share(String name) {
            this.name = name;
        }

        String name() {
            return name;
        }
    }
}
