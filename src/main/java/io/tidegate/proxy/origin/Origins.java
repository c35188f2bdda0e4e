package io.tidegate.proxy.origin;

import io.micrometer.core.instrument.MeterRegistry;
import io.tidegate.proxy.origin.Server.State;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/** The origins of a node with what is known of their servers, shared by all event loops. Safe from any thread. */
public final class Origins {

    private final OriginMetrics metrics;
    private final LongSupplier nanoTime;
    /** The longest prefix first. */
    private volatile List<Servers> current = List.of();

    /** Makes the origins of a node, which count into this registry. */
    public Origins(List<Origin> origins, MeterRegistry registry) {
        this(origins, registry, System::nanoTime);
    }

    Origins(List<Origin> origins, MeterRegistry registry, LongSupplier nanoTime) {
        this.metrics = new OriginMetrics(registry);
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
        metrics.show(current);
    }

    private Servers servers(Origin origin) {
        return current.stream()
                .filter(known -> known.origin().prefix().equals(origin.prefix()))
                .filter(known -> known.origin().servers().equals(origin.servers()))
                .findFirst()
                .map(known -> known.origin().equals(origin) ? known : known.of(origin))
                .orElseGet(() -> new Servers(origin, metrics.counters(origin.prefix()), nanoTime));
    }

    public List<Servers> current() {
        return current;
    }

    /** For each prefix how its origin is: {@code UP}, {@code DOWN}, or {@code DEGRADED} when only some servers are up. */
    public Map<String, String> health() {
        Map<String, String> health = new LinkedHashMap<>();
        current.forEach(servers -> {
            long up = servers.in(State.UP);
            health.put(servers.origin().prefix(), up == servers.all().size() ? "UP" : up == 0 ? "DOWN" : "DEGRADED");
        });
        return health;
    }
}
