package io.tidegate.adapter.tap;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.tidegate.event.Kind;
import io.tidegate.meter.Labelled;

/** Counts what became of requests that taps are on. Shared by the event loops of a node; safe from every thread. */
public final class TapMetrics {

    /** What became of a request that a tap is on. */
    enum Outcome {
        /** It is in the journal. */
        PUBLISHED,
        /** The watch of the kind had told it before. */
        KNOWN,
        /** The body is larger than the tap looks at. */
        TOO_LARGE,
        /** The body is in a content coding other than gzip. */
        ENCODED,
        /** The body is no JSON. */
        NOT_JSON,
        /** The data has no key where it should be. */
        NO_KEY,
        /** Topic, key or data are not what the topic needs. */
        UNFIT,
        /** The answer broke off, or came before the request was whole. */
        CUT_OFF,
        /** Too many bodies are looked at already. */
        BUSY,
        /** The journal did not take it. */
        REFUSED
    }

    private final Labelled<Kind, Labelled<Outcome, Counter>> events;

    public TapMetrics(MeterRegistry registry) {
        events = Labelled.of(
                Kind.class,
                Kind::plural,
                kind -> Labelled.withOther(Outcome.class, Labelled::lowerCase, outcome -> Counter.builder("tap.events")
                        .description("Requests that a tap is on and that were done")
                        .tags("kind", kind, "outcome", outcome)
                        .register(registry)));
    }

    void tapped(Kind kind, Outcome outcome) {
        events.get(kind).get(outcome).increment();
    }
}
