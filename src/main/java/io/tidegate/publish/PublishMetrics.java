package io.tidegate.publish;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.tidegate.event.Event;
import io.tidegate.event.Kind;
import io.tidegate.meter.Labelled;
import java.util.List;

/** Counts the events acknowledged to publishers. Shared by the event loops of a node; thread-safe. */
public final class PublishMetrics {

    private final Labelled<Kind, Counter> events;

    public PublishMetrics(MeterRegistry registry) {
        events = Labelled.of(Kind.class, Kind::plural, kind -> Counter.builder("publish.events")
                .description("Events acknowledged")
                .tag("kind", kind)
                .register(registry));
    }

    void acknowledged(List<Event> published) {
        for (Event event : published) {
            events.get(event.kind()).increment();
        }
    }
}
