package io.tidegate.delivery.sse;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.tidegate.event.Kind;
import io.tidegate.journal.ResumeStatus;
import io.tidegate.meter.Labelled;

/** The metrics of a node's streams. Shared by the node's event loops; thread-safe. */
public final class StreamMetrics {

    private final OpenStreamCount open;
    private final Labelled<Kind, Labelled<CloseReason, Counter>> closed;
    private final Labelled<Kind, Counter> errors;
    private final Labelled<Kind, Counter> reconnections;
    private final Labelled<ResumeStatus, Counter> resumes;
    private final Counter transmitted;

    /**
     * Registers the metrics.
     *
     * @param open the count of open streams, which is shared with other parts of the node
     */
    public StreamMetrics(MeterRegistry registry, OpenStreamCount open) {
        this.open = open;
        for (Kind kind : Kind.values()) {
            Gauge.builder("sse.active.connections", () -> open.of(kind))
                    .description("Open streams")
                    .tag("kind", kind.plural())
                    .register(registry);
        }
        closed = Labelled.of(
                Kind.class,
                Kind::plural,
                kind -> Labelled.withOther(
                        CloseReason.class, CloseReason::text, reason -> Counter.builder("sse.streams.closed")
                                .description("Streams that ended")
                                .tags("kind", kind, "reason", reason)
                                .register(registry)));
        errors = byKind(registry, "sse.connection.errors", "Streams ended by an error");
        reconnections = byKind(registry, "sse.reconnection.attempts", "Stream requests that name a last id");
        resumes = Labelled.withOther(ResumeStatus.class, ResumeStatus::text, status -> Counter.builder("sse.resumes")
                .description("How resumes ended")
                .tag("status", status)
                .register(registry));
        transmitted = Counter.builder("sse.messages.transmitted")
                .description("Events written to streams, once per stream")
                .register(registry);
    }

    private static Labelled<Kind, Counter> byKind(MeterRegistry registry, String name, String description) {
        return Labelled.of(Kind.class, Kind::plural, kind -> Counter.builder(name)
                .description(description)
                .tag("kind", kind)
                .register(registry));
    }

    /**
     * Counts a stream that was opened. Here and in the other methods, a stream that contains more than one kind counts
     * as {@link Kind#OTHER}.
     */
    void opened(Kind kind) {
        open.opened(kind);
    }

    void closed(Kind kind, CloseReason reason) {
        open.closed(kind);
        closed.get(kind).get(reason).increment();
        if (reason == CloseReason.SLOW || reason == CloseReason.ERROR) {
            errors.get(kind).increment();
        }
    }

    /** Counts a client that reconnected with a cursor, or a stream that skipped a gap. */
    void resumed(Kind kind, ResumeStatus status) {
        reconnections.get(kind).increment();
        resumes.get(status).increment();
    }

    /** Counts events that were written to streams, once per stream. */
    void transmitted(long events) {
        transmitted.increment((double) events);
    }
}
