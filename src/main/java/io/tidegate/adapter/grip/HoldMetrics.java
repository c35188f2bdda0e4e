package io.tidegate.adapter.grip;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.tidegate.delivery.sse.CloseReason;
import io.tidegate.meter.Labelled;
import java.util.function.Supplier;

/** The metrics for held clients. Shared by a node's event loops; thread-safe. */
public final class HoldMetrics {

    private final HeldClientCount held;
    private final Labelled<Mode, Labelled<CloseReason, Counter>> closed;
    private final Counter misunderstood;

    /**
     * Registers the metrics.
     *
     * @param held the number of held clients, which this class updates
     */
    public HoldMetrics(MeterRegistry registry, HeldClientCount held) {
        this.held = held;
        for (Mode mode : Mode.values()) {
            register(registry, mode.text(), () -> held.active(mode));
        }
        register(registry, Labelled.OTHER, () -> 0);
        closed = Labelled.withOther(
                Mode.class,
                Mode::text,
                mode -> Labelled.withOther(
                        CloseReason.class, CloseReason::text, reason -> Counter.builder("held.closed")
                                .description("Held clients released")
                                .tags("mode", mode, "reason", reason)
                                .register(registry)));
        misunderstood = Counter.builder("held.misunderstood")
                .description("Responses of origins with unsupported GRIP instructions, and items that cannot be parsed")
                .register(registry);
    }

    private static void register(MeterRegistry registry, String mode, Supplier<Number> clients) {
        Gauge.builder("held.active", clients)
                .description("Held clients")
                .tag("mode", mode)
                .register(registry);
    }

    void held(Mode mode) {
        held.held(mode);
    }

    /**
     * Counts a client that was released.
     *
     * @param reason the reason, which is {@code COMPLETE} if an item closed the stream or a response was sent
     */
    void released(Mode mode, CloseReason reason) {
        held.released(mode);
        closed.get(mode).get(reason).increment();
    }

    /** Counts an origin response with unsupported instructions, or an item that cannot be parsed. */
    void misunderstood() {
        misunderstood.increment();
    }
}
