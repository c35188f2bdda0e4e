package io.tidegate.edge.limit;

import io.tidegate.edge.limit.LimitMetrics.Limit;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How many streams the node has, and who has them. Safe from every thread: what is locked takes less than a microsecond.
 * All three caps are looked at and taken in one step, so none is passed by and none refuses for a moment what it need
 * not.
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

    /** Goes on with these caps; streams beyond a lower one stay. */
    public synchronized void reconfigure(StreamLimits given) {
        limits = given;
    }

    /**
     * Asks for one stream more.
     *
     * @param subject of the caller's token; empty for somebody without one, who has the cap of his address alone
     * @param address where it comes from
     * @return none when a cap is reached
     */
    public Optional<Permit> take(String subject, String address) {
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

    /** How many the node may have. */
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

    /** What one name has; its text is kept once for all streams of it. Guarded by the permits. */
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
