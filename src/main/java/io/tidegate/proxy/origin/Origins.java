package io.tidegate.proxy.origin;

import io.tidegate.proxy.origin.Server.State;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/** The origins of a node with what is known of their servers, shared by all event loops. Safe from any thread. */
public final class Origins {

    private final LongSupplier nanoTime;
    /** The longest prefix first. */
    private volatile List<Servers> current = List.of();

    public Origins(List<Origin> origins) {
        this(origins, System::nanoTime);
    }

    Origins(List<Origin> origins, LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        reconfigure(origins);
    }

    /** Goes on with these; a server that stays under its prefix keeps what is known of it. */
    public synchronized void reconfigure(List<Origin> origins) {
        current = origins.stream()
                .map(this::servers)
                .sorted(Comparator.comparingInt(
                                (Servers servers) -> servers.origin().prefix().length())
                        .reversed())
                .toList();
    }

    private Servers servers(Origin origin) {
        return current.stream()
                .filter(known -> known.origin().prefix().equals(origin.prefix()))
                .filter(known -> known.origin().servers().equals(origin.servers()))
                .findFirst()
                .map(known -> known.origin().equals(origin) ? known : known.of(origin))
                .orElseGet(() -> new Servers(origin, nanoTime));
    }

    public List<Servers> current() {
        return current;
    }

    /** For each prefix how its origin is: {@code UP}, {@code DOWN}, or {@code DEGRADED} when only some servers are up. */
    public Map<String, String> health() {
        Map<String, String> health = new LinkedHashMap<>();
        current.forEach(servers -> {
            long up = count(servers, State.UP);
            health.put(servers.origin().prefix(), up == servers.all().size() ? "UP" : up == 0 ? "DOWN" : "DEGRADED");
        });
        return health;
    }

    public List<String> prefixes() {
        return current.stream().map(servers -> servers.origin().prefix()).toList();
    }

    /** How many servers of an origin are in each state, by its name; nothing for an unknown prefix. */
    public Map<String, Long> servers(String prefix) {
        Map<String, Long> counts = new LinkedHashMap<>();
        find(prefix).ifPresent(servers -> {
            for (State state : State.values()) {
                counts.put(state.text(), count(servers, state));
            }
        });
        return counts;
    }

    /** How many requests are on their way to an origin, by the name of the lane; nothing for an unknown prefix. */
    public Map<String, Long> active(String prefix) {
        Map<String, Long> counts = new LinkedHashMap<>();
        find(prefix).ifPresent(servers -> {
            for (TrafficClass lane : TrafficClass.values()) {
                counts.put(
                        lane.text(),
                        servers.all().stream()
                                .mapToLong(server -> server.active(lane))
                                .sum());
            }
        });
        return counts;
    }

    private Optional<Servers> find(String prefix) {
        return current.stream()
                .filter(servers -> servers.origin().prefix().equals(prefix))
                .findFirst();
    }

    private static long count(Servers servers, State state) {
        return servers.all().stream().filter(server -> server.state() == state).count();
    }
}
