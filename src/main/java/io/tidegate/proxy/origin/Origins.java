package io.tidegate.proxy.origin;

import io.micrometer.core.instrument.MeterRegistry;
import io.tidegate.proxy.origin.Server.State;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.LongSupplier;

/** The origins of a node and the state of their servers, shared by all event loops. Thread-safe. */
public final class Origins {

    private final OriginMetrics metrics;
    private final int capacity;
    private final LongSupplier nanoTime;
    private final String name = "tidegate-" + UUID.randomUUID().toString().substring(0, 13);
    /** The origins, sorted by prefix length, longest first. */
    private volatile List<Servers> current = List.of();

    /**
     * Creates the origins of a node and registers their metrics.
     *
     * @param capacity the maximum number of concurrent requests on each event loop to an origin that has no configured
     *     limit
     */
    public Origins(List<Origin> origins, MeterRegistry registry, int capacity) {
        this(origins, registry, capacity, System::nanoTime);
    }

    Origins(List<Origin> origins, MeterRegistry registry, int capacity, LongSupplier nanoTime) {
        this.metrics = new OriginMetrics(registry);
        this.capacity = capacity;
        this.nanoTime = nanoTime;
        reconfigure(origins);
    }

    /** Replaces the origins. Server state is kept for each origin whose prefix and servers are unchanged. */
    public synchronized void reconfigure(List<Origin> origins) {
        current = origins.stream()
                .map(this::servers)
                .sorted(Comparator.comparingInt(
                                (Servers servers) -> servers.origin().prefix().length())
                        .reversed())
                .toList();
        metrics.registerGauges(current);
    }

    private Servers servers(Origin origin) {
        return current.stream()
                .filter(known -> known.origin().prefix().equals(origin.prefix()))
                .filter(known -> known.origin().servers().equals(origin.servers()))
                .findFirst()
                .map(known -> known.origin().equals(origin) ? known : known.withOrigin(origin))
                .orElseGet(() -> new Servers(origin, metrics.counters(origin.prefix()), capacity, nanoTime));
    }

    /** Returns the unique name by which this gateway identifies itself in {@code Via}. */
    public String gatewayName() {
        return name;
    }

    public List<Servers> current() {
        return current;
    }

    /**
     * Returns the health of each origin by prefix: {@code UP}, {@code DOWN}, or {@code DEGRADED} if only some servers
     * are up.
     */
    public Map<String, String> health() {
        Map<String, String> health = new LinkedHashMap<>();
        current.forEach(servers -> {
            long up = servers.count(State.UP);
            health.put(servers.origin().prefix(), up == servers.all().size() ? "UP" : up == 0 ? "DOWN" : "DEGRADED");
        });
        return health;
    }
}
