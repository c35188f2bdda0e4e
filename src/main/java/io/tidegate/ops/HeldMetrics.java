package io.tidegate.ops;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/** What the gateway counts about clients that origins handed over, by how they are held. Safe from any thread. */
public final class HeldMetrics {

    private static final Set<String> MODES = Set.of("stream", "response");

    private final LabelMap<AtomicLong> open;
    private final LabelMap<LabelMap<Counter>> closed;
    private final Counter misunderstood;

    HeldMetrics(MeterRegistry registry, Set<String> reasons) {
        open = new LabelMap<>(MODES, mode -> {
            AtomicLong clients = new AtomicLong();
            Gauge.builder("held.active", clients, AtomicLong::get)
                    .description("Clients of origins that are held")
                    .tag("mode", mode)
                    .register(registry);
            return clients;
        });
        closed = new LabelMap<>(
                MODES,
                mode -> new LabelMap<>(reasons, reason -> Counter.builder("held.closed")
                        .description("Clients of origins that are held no longer")
                        .tags("mode", mode, "reason", reason)
                        .register(registry)));
        misunderstood = Counter.builder("held.misunderstood")
                .description("Answers of origins that ask for what is not done here, and items that cannot be made out")
                .register(registry);
    }

    public void began(String mode) {
        open.get(mode).incrementAndGet();
    }

    /** One that began in the same mode is over. */
    public void ended(String mode, String reason) {
        open.get(mode).decrementAndGet();
        closed.get(mode).get(reason).increment();
    }

    public void misunderstood() {
        misunderstood.increment();
    }

    long open() {
        return open.values().stream().mapToLong(AtomicLong::get).sum();
    }
}
