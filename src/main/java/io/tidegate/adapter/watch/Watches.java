package io.tidegate.adapter.watch;

import io.micrometer.core.instrument.MeterRegistry;
import io.tidegate.event.Draft;
import io.tidegate.event.Kind;
import io.tidegate.event.bus.IdentityCodec;
import io.tidegate.journal.Journal;
import io.tidegate.proxy.origin.Origin;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.ThreadingModel;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** Deploys the node's watches and keeps the state of each. Thread-safe. */
public final class Watches {

    /** How long a list counts as being read after a client has read it. */
    private static final Duration READ_WINDOW = Duration.ofSeconds(60);

    private final Vertx vertx;
    private final Journal journal;
    private final Clock clock;
    private final ToIntFunction<Kind> maxMembers;
    private final Predicate<Kind> streamed;
    private final WatchMetrics metrics;
    private final Map<Kind, WatchState> states = new ConcurrentHashMap<>();
    private final Map<Kind, Running> running = new ConcurrentHashMap<>();
    private Future<Void> last = Future.succeededFuture();

    private record Running(Watch watch, Origin origin, String deployment) {}

    /**
     * Creates an instance without watches; {@link #reconfigure} deploys them.
     *
     * @param maxMembers a function that returns the number of entries that the journal retains for a kind
     * @param streamed a function that returns whether any open stream may contain events of the kind
     */
    public Watches(
            Vertx vertx,
            Journal journal,
            Clock clock,
            ToIntFunction<Kind> maxMembers,
            Predicate<Kind> streamed,
            MeterRegistry registry) {
        this.vertx = vertx;
        this.journal = journal;
        this.clock = clock;
        this.maxMembers = maxMembers;
        this.streamed = streamed;
        IdentityCodec.register(vertx.eventBus(), Draft.class);
        this.metrics = new WatchMetrics(registry, this);
    }

    static String address(Kind kind) {
        return "watch." + kind.plural();
    }

    /**
     * Returns the origin that the watch refers to by prefix or URL.
     *
     * @return the origin; empty if no such origin is configured
     */
    public static Optional<Origin> originOf(Watch watch, List<Origin> origins) {
        return origins.stream()
                .filter(origin -> origin.prefix().equals(watch.origin())
                        || origin.url().toString().equals(watch.origin()))
                .findFirst();
    }

    /**
     * Submits a draft to the watch for its kind, which publishes the draft unless the latest state already contains the
     * change.
     *
     * @return whether the draft was published; the future fails if the draft could not be committed or the kind is not
     *     watched
     */
    public static Future<Boolean> submit(EventBus bus, Draft draft) {
        return bus.<Boolean>request(address(draft.topic().kind()), draft).map(Message::body);
    }

    /** Replaces the watches. Unchanged watches keep running; other watches are undeployed or deployed. */
    public synchronized Future<Void> reconfigure(List<Watch> watches, List<Origin> origins) {
        last = last.transform(before -> change(watches, origins));
        return last;
    }

    private Future<Void> change(List<Watch> watches, List<Origin> origins) {
        Map<Kind, Running> before = new HashMap<>(running);
        List<Future<?>> steps = new ArrayList<>();
        for (Watch watch : watches) {
            Origin origin = originOf(watch, origins)
                    .orElseThrow(() ->
                            new IllegalArgumentException("no origin is configured for the watch of " + watch.origin()));
            Running old = before.get(watch.kind());
            if (old != null && old.watch().equals(watch) && old.origin().equals(origin)) {
                before.remove(watch.kind());
            } else {
                steps.add(undeploy(before.remove(watch.kind())).compose(done -> deploy(watch, origin)));
            }
        }
        before.values().forEach(removed -> steps.add(undeploy(removed)));
        return Future.join(steps).mapEmpty();
    }

    /** Undeploys all watches. */
    public Future<Void> stop() {
        return reconfigure(List.of(), List.of());
    }

    /**
     * Returns the time at which the origin last confirmed its list of a kind, if the list is stale; otherwise empty.
     */
    public Optional<Instant> staleSince(Kind kind) {
        return Optional.ofNullable(states.get(kind)).flatMap(WatchState::staleSince);
    }

    /** Records that a client is reading all watched kinds now. */
    public void markRead() {
        states.values().forEach(WatchState::markRead);
    }

    /** Returns the status of each watch, keyed by the plural name of its kind. */
    public Map<String, String> summary() {
        Map<String, String> summary = new TreeMap<>();
        states.forEach((kind, state) -> summary.put(kind.plural(), state.status()));
        return summary;
    }

    private Future<Void> deploy(Watch watch, Origin origin) {
        Kind kind = watch.kind();
        WatchState state = new WatchState(clock);
        states.put(kind, state);
        WatchVerticle verticle = new WatchVerticle(
                watch,
                origin,
                journal,
                clock,
                maxMembers.applyAsInt(kind),
                state,
                () -> streamed.test(kind) || state.readWithin(READ_WINDOW),
                metrics);
        return vertx.deployVerticle(verticle, new DeploymentOptions().setThreadingModel(ThreadingModel.WORKER))
                .onSuccess(id -> running.put(kind, new Running(watch, origin, id)))
                .mapEmpty();
    }

    private Future<Void> undeploy(@Nullable Running old) {
        if (old == null) {
            return Future.succeededFuture();
        }
        running.remove(old.watch().kind());
        states.remove(old.watch().kind());
        return vertx.undeploy(old.deployment());
    }
}
