package io.tidegate.proxy.origin;

import io.tidegate.proxy.origin.Server.State;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/** The servers of one origin, shared by all event loops. Thread-safe. */
public final class Servers {

    private final Origin origin;
    private final List<Server> all;
    private final OriginMetrics.Counters metrics;
    private final Map<TrafficClass, Lane> lanes;
    private final int capacity;
    private final AtomicInteger turn = new AtomicInteger();

    /**
     * Creates the servers of an origin.
     *
     * @param capacity the default maximum number of concurrent requests of each traffic class on each event loop
     */
    Servers(Origin origin, OriginMetrics.Counters metrics, int capacity, LongSupplier nanoTime) {
        this(
                origin,
                origin.servers().stream().map(url -> new Server(url, nanoTime)).toList(),
                metrics,
                capacity,
                new EnumMap<>(
                        Map.of(TrafficClass.REQUESTS, new Lane(nanoTime), TrafficClass.STREAMS, new Lane(nanoTime))));
    }

    private Servers(
            Origin origin,
            List<Server> all,
            OriginMetrics.Counters metrics,
            int capacity,
            Map<TrafficClass, Lane> lanes) {
        this.origin = origin;
        this.all = all;
        this.metrics = metrics;
        this.capacity = capacity;
        this.lanes = lanes;
    }

    /** Returns the same servers, with their state, for a changed origin that has the same servers. */
    Servers withOrigin(Origin changed) {
        return new Servers(changed, all, metrics, capacity, lanes);
    }

    public Origin origin() {
        return origin;
    }

    List<Server> all() {
        return all;
    }

    /** Returns the number of servers in the given state. */
    long count(State state) {
        return all.stream().filter(server -> server.state() == state).count();
    }

    /** Returns the number of requests to the origin that are in progress. */
    long active(TrafficClass trafficClass) {
        return all.stream().mapToLong(server -> server.active(trafficClass)).sum();
    }

    /** Returns the maximum number of concurrent requests of this traffic class on each event loop. */
    public int permits(TrafficClass trafficClass) {
        int limit = origin.limits(trafficClass).connections();
        return limit == 0 ? capacity : limit;
    }

    /** Returns the counter of requests that are waiting for a permit. */
    public AtomicInteger waiting(TrafficClass trafficClass) {
        return lane(trafficClass).waiting();
    }

    /**
     * Counts a request for which no permit was available.
     *
     * @return the number of such requests since the last log entry if another entry is due; otherwise 0
     */
    public long full(TrafficClass trafficClass) {
        return lane(trafficClass).full().occurred();
    }

    @SuppressWarnings("NullAway") // there is a lane for each traffic class
    private Lane lane(TrafficClass trafficClass) {
        return lanes.get(trafficClass);
    }

    /** Counts a request that ended. */
    public void ended(TrafficClass trafficClass, OriginOutcome outcome) {
        metrics.ended().get(trafficClass).get(outcome).increment();
    }

    /** Counts a request that is retried because its connection failed. */
    public void retried() {
        metrics.retried().increment();
    }

    /** Counts a server ejection. */
    public void ejected() {
        metrics.ejected().increment();
    }

    /**
     * Chooses the server for the next request. A server that is ejected or down is chosen if there is no better one,
     * because its state may be outdated and refusing the request would not help.
     *
     * @param tried the servers that must not be chosen
     * @param client the client, which determines the choice among servers in the same state if the policy makes clients
     *     stay with a server
     * @return the chosen server; empty if all servers have been tried
     */
    public Optional<Server> choose(Collection<Server> tried, ClientKey client) {
        if (all.size() == 1) {
            return tried.isEmpty() ? Optional.of(all.get(0)) : Optional.empty();
        }
        for (Server server : all) {
            // Requests from clients that stay with a server do not advance the round-robin position, so new clients are
            // still spread evenly.
            if (server.id().equals(client.server()) && server.state() == State.UP && !tried.contains(server)) {
                return Optional.of(server);
            }
        }
        int start = Math.floorMod(turn.getAndIncrement(), all.size());
        Server best = null;
        for (int i = 0; i < all.size(); i++) {
            Server next = all.get((start + i) % all.size());
            if (!tried.contains(next) && (best == null || isBetter(next, best, client))) {
                best = next;
            }
        }
        return Optional.ofNullable(best);
    }

    private boolean isBetter(Server one, Server other, ClientKey client) {
        int byState = one.state().compareTo(other.state());
        return byState < 0
                || byState == 0
                        && switch (origin.balance()) {
                            case ROUND_ROBIN, COOKIE -> false;
                            case LEAST_REQUESTS -> one.active() < other.active();
                            case ADDRESS -> weight(one, client) > weight(other, client);
                        };
    }

    /**
     * Returns the weight of a server for a client. The server with the highest weight is chosen (rendezvous hashing),
     * so that all nodes choose the same server, and only the clients of a failed server move to other servers.
     */
    private static int weight(Server server, ClientKey client) {
        int hash = server.id().hashCode() * 31 + client.address().hashCode();
        hash = (hash ^ hash >>> 16) * 0x85ebca6b;
        hash = (hash ^ hash >>> 13) * 0xc2b2ae35;
        return hash ^ hash >>> 16;
    }
}
