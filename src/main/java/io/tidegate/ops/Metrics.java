package io.tidegate.ops;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.tidegate.edge.overload.Headroom;
import io.tidegate.problem.Code;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * What the gateway counts about itself, in the words of Prometheus. Safe from any thread and cheap enough for every
 * event: all counters are found or made when this is built. Labels come from fixed sets; a value that is in none is
 * counted as {@code other}, so that nothing a client sends can become a label.
 */
public final class Metrics implements AutoCloseable {

    /**
     * The values that labels may have, {@code other} aside.
     *
     * @param kinds families of topics
     * @param reasons why a stream was closed
     * @param statuses how a resume ended
     * @param outcomes what became of a request that was counted for its client
     * @param limits by what a stream was refused
     */
    public record Labels(
            Set<String> kinds, Set<String> reasons, Set<String> statuses, Set<String> outcomes, Set<String> limits) {
        public Labels {
            kinds = Set.copyOf(kinds);
            reasons = Set.copyOf(reasons);
            statuses = Set.copyOf(statuses);
            outcomes = Set.copyOf(outcomes);
            limits = Set.copyOf(limits);
        }
    }

    /** Media type of {@link #scrape()}. */
    public static final String MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private static final Duration[] BUCKETS = Stream.of(
                    100,
                    250,
                    500,
                    1_000,
                    2_500,
                    5_000,
                    10_000,
                    25_000,
                    50_000,
                    100_000,
                    250_000,
                    500_000,
                    1_000_000,
                    2_500_000,
                    5_000_000,
                    10_000_000)
            .map(micros -> Duration.ofNanos(micros * 1_000L))
            .toArray(Duration[]::new);

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics collections = new JvmGcMetrics();

    private final Set<String> kinds;
    private final LabelMap<AtomicLong> open;
    private final LabelMap<LabelMap<Counter>> closed;
    private final LabelMap<Counter> errors;
    private final LabelMap<Counter> reconnections;
    private final LabelMap<Counter> resumes;
    private final LabelMap<Counter> published;
    private final Map<Code, Counter> problems = new EnumMap<>(Code.class);
    private final Counter transmitted;
    private final Timer acknowledge;
    private final Timer flush;
    private final LimitMetrics limits;
    private final OriginMetrics origins;
    private final HeldMetrics held;

    public Metrics(Labels labels) {
        kinds = labels.kinds();
        open = new LabelMap<>(labels.kinds(), this::openStreams);
        closed = new LabelMap<>(
                labels.kinds(),
                kind -> new LabelMap<>(
                        labels.reasons(),
                        reason -> counter("sse.streams.closed", "Streams that ended", "kind", kind, "reason", reason)));
        errors = new LabelMap<>(
                labels.kinds(), kind -> counter("sse.connection.errors", "Streams ended by an error", "kind", kind));
        reconnections = new LabelMap<>(
                labels.kinds(),
                kind -> counter("sse.reconnection.attempts", "Stream requests that name a last id", "kind", kind));
        resumes = new LabelMap<>(
                labels.statuses(), status -> counter("sse.resumes", "How resumes ended", "status", status));
        published =
                new LabelMap<>(labels.kinds(), kind -> counter("publish.events", "Events acknowledged", "kind", kind));
        for (Code code : Code.values()) {
            problems.put(code, counter("problems", "Problems told to clients", "code", code.text()));
        }
        transmitted = counter("sse.messages.transmitted", "Events written to streams, once per stream");
        acknowledge = timer("publish.acknowledge", "From a publish request to its acknowledgement");
        flush = timer("publish.to.flush", "From an acknowledgement to the write to streams");
        limits = new LimitMetrics(registry, labels.outcomes(), labels.limits());
        origins = new OriginMetrics(registry);
        held = new HeldMetrics(registry, labels.reasons());
        bindProcess();
    }

    /** A stream began; {@code kind} is here, as in every method of this class, the family of topics it is about. */
    public void streamOpened(String kind) {
        open.get(kind).incrementAndGet();
    }

    /** A stream that began under the same kind has ended. */
    public void streamClosed(String kind, String reason) {
        open.get(kind).decrementAndGet();
        closed.get(kind).get(reason).increment();
    }

    /** A stream that ended by a failure of ours or of its connection; counted beside its close reason. */
    public void connectionError(String kind) {
        errors.get(kind).increment();
    }

    /** A stream request that names the last id its client has seen. */
    public void reconnectionAttempted(String kind) {
        reconnections.get(kind).increment();
    }

    public void resumed(String status) {
        resumes.get(status).increment();
    }

    /** Events written, one for each stream they were written to. */
    public void messagesTransmitted(long count) {
        transmitted.increment((double) count);
    }

    public void published(String kind, long count) {
        published.get(kind).increment((double) count);
    }

    /** How long a publisher waited, from its request to our acknowledgement. */
    public void publishAcknowledged(long nanos) {
        acknowledge.record(nanos, TimeUnit.NANOSECONDS);
    }

    /** How long an event took from its publish to its write to the streams of one loop. */
    public void flushed(long nanos) {
        flush.record(nanos, TimeUnit.NANOSECONDS);
    }

    @SuppressWarnings("NullAway") // filled for every code by the constructor
    public void problem(Code code) {
        problems.get(code).increment();
    }

    /** From now on tells what is short. */
    public void watch(Headroom headroom) {
        shortage("descriptors", () -> headroom.descriptorsShort() ? 1 : 0);
        shortage("heap", () -> headroom.heapShort() ? 1 : 0);
        Gauge.builder("overload.bodies", headroom, Headroom::bodies)
                .description("Bytes of request bodies being read or committed")
                .baseUnit("bytes")
                .register(registry);
        FunctionCounter.builder("overload.connections.refused", headroom, Headroom::turnedAway)
                .description("Connections closed at once for want of descriptors")
                .register(registry);
    }

    /** From now on tells how many tokens had their signatures checked. */
    public void watchTokens(Supplier<Number> verifications) {
        // The registry lets go of what it asks, so that is this object and not the supplier.
        FunctionCounter.builder("token.verifications", this, ignored -> verifications
                        .get()
                        .doubleValue())
                .description("Tokens whose signature was checked; not those known from before")
                .register(registry);
    }

    private void shortage(String resource, Supplier<Number> active) {
        Gauge.builder("overload.active", active)
                .description("Whether new work is refused for want of this")
                .tag("resource", resource)
                .register(registry);
    }

    /** What is counted about limits. */
    public LimitMetrics limits() {
        return limits;
    }

    /** What is counted about origins. */
    public OriginMetrics origins() {
        return origins;
    }

    /** What is counted about clients that origins handed over. */
    public HeldMetrics held() {
        return held;
    }

    /**
     * Counters of another room.
     *
     * @return counts an outcome, its second argument, for a kind, its first
     */
    public BiConsumer<String, String> countersByKind(String name, String description, Set<String> outcomes) {
        LabelMap<LabelMap<Counter>> counters = new LabelMap<>(
                kinds,
                kind -> new LabelMap<>(
                        outcomes, outcome -> counter(name, description, "kind", kind, "outcome", outcome)));
        return (kind, outcome) -> counters.get(kind).get(outcome).increment();
    }

    /** Tells a number of another room for each kind. */
    public void gaugesByKind(String name, String description, ToDoubleFunction<String> number) {
        kinds.forEach(kind -> Gauge.builder(name, () -> number.applyAsDouble(kind))
                .description(description)
                .tag("kind", kind)
                .register(registry));
    }

    /** How many streams are open on this node that show this kind alone, or {@code other} for several. */
    public long openStreamsOf(String kind) {
        return open.get(kind).get();
    }

    /** How many streams are open on this node, and how many clients of origins are held. */
    public long openStreams() {
        return open.values().stream().mapToLong(AtomicLong::get).sum() + held.open();
    }

    /** Everything in the text format of Prometheus. Takes milliseconds: not for an event loop. */
    public String scrape() {
        return registry.scrape();
    }

    @Override
    public void close() {
        collections.close();
        registry.close();
    }

    private AtomicLong openStreams(String kind) {
        AtomicLong streams = new AtomicLong();
        Gauge.builder("sse.active.connections", streams, AtomicLong::get)
                .description("Open streams")
                .tag("kind", kind)
                .register(registry);
        return streams;
    }

    private Counter counter(String name, String description, String... tags) {
        return Counter.builder(name).description(description).tags(tags).register(registry);
    }

    private Timer timer(String name, String description) {
        return Timer.builder(name)
                .description(description)
                .serviceLevelObjectives(BUCKETS)
                .register(registry);
    }

    private void bindProcess() {
        collections.bindTo(registry);
        List.of(
                        new JvmMemoryMetrics(),
                        new JvmThreadMetrics(),
                        new UptimeMetrics(),
                        new ProcessorMetrics(),
                        new FileDescriptorMetrics())
                .forEach(binder -> binder.bindTo(registry));
    }
}
