package io.tidegate.adapter.grip;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.tidegate.delivery.sse.CloseReason;
import io.tidegate.meter.Labelled;
import java.util.function.Supplier;

/** Counts what happens to held clients. Shared by the event loops of a node; safe from every thread. */
public final class HoldMetrics {

    private final HeldClientCount held;
    private final Labelled<Mode, Labelled<CloseReason, Counter>> closed;
    private final Counter misunderstood;

    /** @param held counts the held clients, for those who ask how many there are */
    public HoldMetrics(MeterRegistry registry, HeldClientCount held) {
        this.held = held;
        for (Mode mode : Mode.values()) {
            show(registry, mode.text(), () -> held.of(mode));
        }
        show(registry, Labelled.OTHER, () -> 0);
        closed = Labelled.withOther(
                Mode.class,
                Mode::text,
                mode -> Labelled.withOther(
                        CloseReason.class, CloseReason::text, reason -> Counter.builder("held.closed")
                                .description("Clients of origins that are held no longer")
                                .tags("mode", mode, "reason", reason)
                                .register(registry)));
        misunderstood = Counter.builder("held.misunderstood")
                .description("Answers of origins that ask for what is not done here, and items that cannot be made out")
                .register(registry);
    }

    private static void show(MeterRegistry registry, String mode, Supplier<Number> clients) {
        Gauge.builder("held.active", clients)
                .description("Clients of origins that are held")
                .tag("mode", mode)
                .register(registry);
    }

    void held(Mode mode) {
        held.held(mode);
    }

    /** @param reason {@code COMPLETE} for a stream that was closed and a response that was given */
    void released(Mode mode, CloseReason reason) {
        held.released(mode);
        closed.get(mode).get(reason).increment();
    }

    /** Counts an origin that asked for what is not done here, and an item that could not be made out. */
    void misunderstood() {
        misunderstood.increment();
    }
}
