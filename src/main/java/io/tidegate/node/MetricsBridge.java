package io.tidegate.node;

import io.tidegate.adapter.grip.HoldListener;
import io.tidegate.adapter.grip.Mode;
import io.tidegate.adapter.tap.TapListener;
import io.tidegate.adapter.watch.WatchListener;
import io.tidegate.adapter.watch.WatchState;
import io.tidegate.adapter.watch.Watches;
import io.tidegate.delivery.sse.CloseReason;
import io.tidegate.delivery.sse.StreamListener;
import io.tidegate.edge.limit.LimitListener;
import io.tidegate.edge.limit.Permits;
import io.tidegate.event.Kind;
import io.tidegate.http.NodeServices;
import io.tidegate.journal.ResumeStatus;
import io.tidegate.journal.writer.JournalListener;
import io.tidegate.ops.Metrics;
import io.tidegate.problem.Code;
import io.tidegate.proxy.origin.OriginListener;
import io.tidegate.proxy.origin.Origins;
import io.tidegate.proxy.origin.TrafficClass;
import io.tidegate.publish.PublishListener;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;

/** Takes what the rooms report to the metrics. Safe from every event loop. */
final class MetricsBridge
        implements StreamListener,
                PublishListener,
                JournalListener,
                OriginListener,
                LimitListener,
                WatchListener,
                TapListener,
                HoldListener {

    private final Metrics metrics;
    private final BiConsumer<String, String> polls;
    private final BiConsumer<String, String> taps;

    MetricsBridge(Metrics metrics) {
        this.metrics = metrics;
        this.polls =
                metrics.countersByKind("watch.polls", "Polls of watched lists", texts(WatchListener.Outcome.values()));
        this.taps = metrics.countersByKind(
                "tap.events", "Requests that a tap is on and that were done", texts(TapListener.Outcome.values()));
    }

    /** From now on tells whether what is watched is known. */
    void watch(Watches watches) {
        metrics.gaugesByKind(
                "watch.stale",
                "Whether the watched list is not confirmed by its origin",
                kind -> Kind.named(kind)
                                .flatMap(watches::of)
                                .flatMap(WatchState::staleSince)
                                .isPresent()
                        ? 1
                        : 0);
    }

    /** Whether a stream is open that may show the kind. */
    boolean streamed(Kind kind) {
        return metrics.openStreamsOf(kind.plural()) + metrics.openStreamsOf(Kind.OTHER.plural()) > 0;
    }

    static Metrics newMetrics() {
        return new Metrics(new Metrics.Labels(
                Arrays.stream(Kind.values()).map(Kind::plural).collect(Collectors.toSet()),
                Arrays.stream(CloseReason.values()).map(CloseReason::text).collect(Collectors.toSet()),
                Arrays.stream(ResumeStatus.values()).map(ResumeStatus::text).collect(Collectors.toSet()),
                texts(Counted.values()),
                texts(Limit.values())));
    }

    NodeServices.Listeners listeners() {
        return new NodeServices.Listeners(this, metrics::flushed, this, this, metrics::problem, this, this);
    }

    /** From now on shows these, as they are now. */
    void watch(Origins origins) {
        List<String> outcomes = Arrays.stream(OriginListener.Outcome.values())
                .map(OriginListener.Outcome::text)
                .toList();
        metrics.origins().watch(origins.prefixes(), outcomes, origins::servers, origins::active);
    }

    @Override
    public void ended(String prefix, TrafficClass lane, OriginListener.Outcome outcome) {
        metrics.origins().ended(prefix, lane.text(), outcome.text());
    }

    @Override
    public void retried(String prefix) {
        metrics.origins().retried(prefix);
    }

    @Override
    public void ejected(String prefix) {
        metrics.origins().ejected(prefix);
    }

    @Override
    public void opened(Kind kind) {
        metrics.streamOpened(kind.plural());
    }

    @Override
    public void closed(Kind kind, CloseReason reason) {
        metrics.streamClosed(kind.plural(), reason.text());
        if (reason == CloseReason.SLOW || reason == CloseReason.ERROR) {
            metrics.connectionError(kind.plural());
        }
    }

    @Override
    public void resumed(Kind kind, ResumeStatus standing) {
        metrics.reconnectionAttempted(kind.plural());
        metrics.resumed(standing.text());
    }

    @Override
    public void refusedInBand(Code code) {
        metrics.problem(code);
    }

    @Override
    public void transmitted(long events) {
        metrics.messagesTransmitted(events);
    }

    @Override
    public void held(Mode mode) {
        metrics.held().began(mode.text());
    }

    @Override
    public void released(Mode mode, CloseReason reason) {
        metrics.held().ended(mode.text(), reason.text());
    }

    @Override
    public void misunderstood() {
        metrics.held().misunderstood();
    }

    @Override
    public void published(Map<Kind, Integer> events, long nanos) {
        events.forEach((kind, count) -> metrics.published(kind.plural(), count));
    }

    @Override
    public void refused(Code code) {
        // Counted where the problem is answered.
    }

    @Override
    public void tapped(Kind kind, TapListener.Outcome outcome) {
        taps.accept(kind.plural(), text(outcome));
    }

    @Override
    public void polled(Kind kind, WatchListener.Outcome outcome) {
        polls.accept(kind.plural(), text(outcome));
    }

    /** From now on tells of the permits. */
    void watch(Permits permits) {
        metrics.limits().permits(permits::inUse, permits::limit);
    }

    @Override
    public void counted(Counted counted) {
        metrics.limits().requestCounted(text(counted));
    }

    @Override
    public void streamRefused(Limit limit) {
        metrics.limits().streamRefused(text(limit));
    }

    private static Set<String> texts(Enum<?>[] values) {
        return Arrays.stream(values).map(MetricsBridge::text).collect(Collectors.toSet());
    }

    private static String text(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public void acknowledged(int appends, int events, long nanos) {
        metrics.publishAcknowledged(nanos);
    }

    @Override
    public void refused(int appends) {
        // Each of them is answered with a problem of its own.
    }
}
