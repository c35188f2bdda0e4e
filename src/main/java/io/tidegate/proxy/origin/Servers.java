package io.tidegate.proxy.origin;

import io.tidegate.proxy.origin.Origin.Balance;
import io.tidegate.proxy.origin.Server.State;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/** The servers of one origin, for all event loops. Safe from any thread. */
public final class Servers {

    private final Origin origin;
    private final List<Server> all;
    private final OriginMetrics.Counters metrics;
    private final AtomicInteger turn = new AtomicInteger();

    Servers(Origin origin, OriginMetrics.Counters metrics, LongSupplier nanoTime) {
        this(
                origin,
                origin.servers().stream().map(url -> new Server(url, nanoTime)).toList(),
                metrics);
    }

    private Servers(Origin origin, List<Server> all, OriginMetrics.Counters metrics) {
        this.origin = origin;
        this.all = all;
        this.metrics = metrics;
    }

    /** The same servers, and what is known of them, for an origin whose other parts have changed. */
    Servers of(Origin changed) {
        return new Servers(changed, all, metrics);
    }

    public Origin origin() {
        return origin;
    }

    List<Server> all() {
        return all;
    }

    /** Returns how many servers are in this state. */
    long in(State state) {
        return all.stream().filter(server -> server.state() == state).count();
    }

    /** Returns how many requests are on their way to the origin. */
    long active(TrafficClass lane) {
        return all.stream().mapToLong(server -> server.active(lane)).sum();
    }

    /** Counts a request that ended. */
    public void ended(TrafficClass lane, OriginOutcome outcome) {
        metrics.ended().get(lane).get(outcome).increment();
    }

    /** Counts a request that goes to another server, because no connection came about. */
    public void retried() {
        metrics.retried().increment();
    }

    /** Counts a server that is passed over for a while. */
    public void ejected() {
        metrics.ejected().increment();
    }

    /**
     * The server for the next request. One that is ejected or down is better than none: what is known of it may be old,
     * and a refusal helps nobody.
     *
     * @param tried those that are out of the question
     */
    public Optional<Server> choose(Collection<Server> tried) {
        if (all.size() == 1) {
            return tried.isEmpty() ? Optional.of(all.get(0)) : Optional.empty();
        }
        int start = Math.floorMod(turn.getAndIncrement(), all.size());
        Server best = null;
        for (int i = 0; i < all.size(); i++) {
            Server next = all.get((start + i) % all.size());
            if (!tried.contains(next) && (best == null || better(next, best))) {
                best = next;
            }
        }
        return Optional.ofNullable(best);
    }

    private boolean better(Server one, Server other) {
        int byState = one.state().compareTo(other.state());
        return byState < 0
                || byState == 0 && origin.balance() == Balance.LEAST_REQUESTS && one.active() < other.active();
    }
}
