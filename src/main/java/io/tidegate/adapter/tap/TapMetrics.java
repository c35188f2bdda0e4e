package io.tidegate.adapter.tap;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.tidegate.event.Kind;
import io.tidegate.meter.Labelled;

/** Counts, by outcome, the successful requests that match taps. Shared by a node's event loops; thread-safe. */
public final class TapMetrics {

    /** The outcome of a successful request that matches a tap. */
    enum Outcome {
        /** The event was committed. */
        PUBLISHED,
        /** The latest state already contained the change, so the watch for the kind did not publish the event. */
        KNOWN,
        /** The body is larger than the tap's {@code max-body}. */
        TOO_LARGE,
        /** The body has a content coding that the gateway cannot decode. */
        ENCODED,
        /** The body is not JSON. */
        NOT_JSON,
        /** The data has no key at the configured place. */
        NO_KEY,
        /** The topic, the key or the data is not valid for the kind. */
        UNFIT,
        /** The response broke off, or ended before the request was complete. */
        CUT_OFF,
        /** Copies of other bodies had exhausted the event loop's budget. */
        BUSY,
        /** The event could not be committed. */
        REFUSED
    }

    private final Labelled<Kind, Labelled<Outcome, Counter>> events;

    public TapMetrics(MeterRegistry registry) {
        events = Labelled.of(
                Kind.class,
                Kind::plural,
                kind -> Labelled.withOther(Outcome.class, Labelled::lowerCase, outcome -> Counter.builder("tap.events")
                        .description("Successful requests that match a tap")
                        .tags("kind", kind, "outcome", outcome)
                        .register(registry)));
    }

    void tapped(Kind kind, Outcome outcome) {
        events.get(kind).get(outcome).increment();
    }
}
