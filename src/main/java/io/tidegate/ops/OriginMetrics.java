package io.tidegate.ops;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** What the gateway counts about each configured origin, by its prefix. Safe from any thread. */
public final class OriginMetrics {

    private static final String ORIGIN = "origin";

    private final MeterRegistry registry;
    private final Map<Ending, Counter> endings = new ConcurrentHashMap<>();
    private final Map<String, Counter> retries = new ConcurrentHashMap<>();
    private final Map<String, Counter> ejections = new ConcurrentHashMap<>();
    private final MultiGauge servers;
    private final MultiGauge active;

    private record Ending(String origin, String lane, String outcome) {}

    OriginMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.servers = MultiGauge.builder("origin.servers")
                .description("Servers of the origin in this state")
                .register(registry);
        this.active = MultiGauge.builder("origin.active")
                .description("Requests and streams on their way to the origin")
                .register(registry);
    }

    /**
     * From now on shows these origins and no others, all that can be counted of them from the beginning.
     *
     * @param outcomes how a request can end
     * @param serversOf how many servers of an origin are in each state; asked at once for the states there are
     * @param activeOf how many requests are on their way to an origin, for each lane
     */
    public void watch(
            Collection<String> origins,
            Collection<String> outcomes,
            Function<String, Map<String, Long>> serversOf,
            Function<String, Map<String, Long>> activeOf) {
        servers.register(rows(origins, "state", serversOf), true);
        active.register(rows(origins, "lane", activeOf), true);
        for (String origin : origins) {
            retries(origin);
            ejections(origin);
            activeOf.apply(origin)
                    .keySet()
                    .forEach(lane -> outcomes.forEach(outcome -> endings(origin, lane, outcome)));
        }
    }

    /** A request to an origin has ended. */
    public void ended(String origin, String lane, String outcome) {
        endings(origin, lane, outcome).increment();
    }

    public void retried(String origin) {
        retries(origin).increment();
    }

    public void ejected(String origin) {
        ejections(origin).increment();
    }

    private Counter endings(String origin, String lane, String outcome) {
        return endings.computeIfAbsent(new Ending(origin, lane, outcome), ending -> Counter.builder("origin.requests")
                .description("Requests to the origin that ended")
                .tags(ORIGIN, origin, "lane", lane, "outcome", outcome)
                .register(registry));
    }

    private Counter retries(String origin) {
        return counter(retries, "origin.retries", "Requests that went to another server, as none was reached", origin);
    }

    private Counter ejections(String origin) {
        return counter(ejections, "origin.ejections", "Times that a server was passed over for a while", origin);
    }

    private Counter counter(Map<String, Counter> counters, String name, String description, String origin) {
        return counters.computeIfAbsent(origin, absent -> Counter.builder(name)
                .description(description)
                .tag(ORIGIN, origin)
                .register(registry));
    }

    private static List<MultiGauge.Row<?>> rows(
            Collection<String> origins, String label, Function<String, Map<String, Long>> counts) {
        List<MultiGauge.Row<?>> rows = new ArrayList<>();
        for (String origin : origins) {
            for (String value : counts.apply(origin).keySet()) {
                rows.add(MultiGauge.Row.of(Tags.of(ORIGIN, origin, label, value), () -> counts.apply(origin)
                        .getOrDefault(value, 0L)));
            }
        }
        return rows;
    }
}
