package io.tidegate.proxy.origin;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.tidegate.meter.Labelled;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongBiFunction;

/** Counts the outcomes of requests to the configured origins, by origin prefix. Thread-safe. */
final class OriginMetrics {

    private static final String ORIGIN = "origin";

    private final MeterRegistry registry;
    private final MultiGauge servers;
    private final MultiGauge active;
    private final MultiGauge waiting;

    /** The counters of one origin. */
    record Counters(Labelled<TrafficClass, Labelled<OriginOutcome, Counter>> ended, Counter retried, Counter ejected) {}

    OriginMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.servers = MultiGauge.builder("origin.servers")
                .description("Servers of the origin in this state")
                .register(registry);
        this.active = MultiGauge.builder("origin.active")
                .description("Requests and streams to the origin in progress")
                .register(registry);
        this.waiting = MultiGauge.builder("origin.waiting")
                .description("Requests and streams that wait for a permit")
                .register(registry);
    }

    /**
     * Returns the counters of an origin. The same prefix always has the same counters, so that no counts are lost in a
     * reload.
     */
    Counters counters(String prefix) {
        Labelled<TrafficClass, Labelled<OriginOutcome, Counter>> ended = Labelled.of(
                TrafficClass.class,
                TrafficClass::text,
                trafficClass -> Labelled.of(
                        OriginOutcome.class, Labelled::lowerCase, outcome -> Counter.builder("origin.requests")
                                .description("Requests to the origin that ended")
                                .tags(ORIGIN, prefix, "lane", trafficClass, "outcome", outcome)
                                .register(registry)));
        return new Counters(
                ended,
                counter("origin.retries", "Requests retried on another server because the connection failed", prefix),
                counter("origin.ejections", "Ejections of servers that failed to respond", prefix));
    }

    /** Registers the gauges for these origins, and removes the gauges for all other origins. */
    void registerGauges(List<Servers> origins) {
        servers.register(rows(origins, Server.State.values(), "state", Servers::count), true);
        active.register(rows(origins, TrafficClass.values(), "lane", Servers::active), true);
        waiting.register(
                rows(origins, TrafficClass.values(), "lane", (servers, lane) -> servers.waiting(lane)
                        .get()),
                true);
    }

    private static <E extends Enum<E>> List<MultiGauge.Row<?>> rows(
            List<Servers> origins, E[] constants, String label, ToLongBiFunction<Servers, E> count) {
        List<MultiGauge.Row<?>> rows = new ArrayList<>();
        for (Servers servers : origins) {
            for (E constant : constants) {
                Tags tags = Tags.of(ORIGIN, servers.origin().prefix(), label, Labelled.lowerCase(constant));
                rows.add(MultiGauge.Row.of(tags, () -> count.applyAsLong(servers, constant)));
            }
        }
        return rows;
    }

    private Counter counter(String name, String description, String prefix) {
        return Counter.builder(name)
                .description(description)
                .tag(ORIGIN, prefix)
                .register(registry);
    }
}
