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

/** The watches of a node. Safe from any thread. */
public final class Watches {

    /** How long after somebody read a list it still counts as read. */
    private static final Duration READ = Duration.ofSeconds(60);

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
     * Makes a node without watches.
     *
     * @param maxMembers how many members of a kind the journal keeps apart
     * @param streamed whether a stream is open that may show the kind
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
     * The origin that a watch means, by its prefix or its url.
     *
     * @return none when no such origin is configured
     */
    public static Optional<Origin> originOf(Watch watch, List<Origin> origins) {
        return origins.stream()
                .filter(origin -> origin.prefix().equals(watch.origin())
                        || origin.url().toString().equals(watch.origin()))
                .findFirst();
    }

    /**
     * Lets the watch of the draft's kind tell it, if it is news.
     *
     * @return whether it was; fails when it was not committed, or nobody watches the kind
     */
    public static Future<Boolean> submit(EventBus bus, Draft draft) {
        return bus.<Boolean>request(address(draft.topic().kind()), draft).map(Message::body);
    }

    /** Goes on with these watches: those that are as before run on, the others end and begin. */
    public synchronized Future<Void> reconfigure(List<Watch> watches, List<Origin> origins) {
        last = last.transform(before -> change(watches, origins));
        return last;
    }

    private Future<Void> change(List<Watch> watches, List<Origin> origins) {
        Map<Kind, Running> before = new HashMap<>(running);
        List<Future<?>> steps = new ArrayList<>();
        for (Watch watch : watches) {
            Origin origin = originOf(watch, origins)
                    .orElseThrow(() -> new IllegalArgumentException("no origin of a watch: " + watch.origin()));
            Running old = before.get(watch.kind());
            if (old != null && old.watch().equals(watch) && old.origin().equals(origin)) {
                before.remove(watch.kind());
            } else {
                steps.add(end(before.remove(watch.kind())).compose(done -> begin(watch, origin)));
            }
        }
        before.values().forEach(gone -> steps.add(end(gone)));
        return Future.join(steps).mapEmpty();
    }

    /** Ends all watches. */
    public Future<Void> stop() {
        return reconfigure(List.of(), List.of());
    }

    /** How well the list of a kind is known; none when nobody watches it. */
    public Optional<WatchState> stateOf(Kind kind) {
        return Optional.ofNullable(states.get(kind));
    }

    /** Somebody reads, of whatever kind. */
    public void markRead() {
        states.values().forEach(WatchState::markRead);
    }

    /** The state of each watch in a word, by the name of its kind. */
    public Map<String, String> summary() {
        Map<String, String> summary = new TreeMap<>();
        states.forEach((kind, state) -> summary.put(kind.plural(), state.status()));
        return summary;
    }

    private Future<Void> begin(Watch watch, Origin origin) {
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
                () -> streamed.test(kind) || state.readWithin(READ),
                metrics);
        return vertx.deployVerticle(verticle, new DeploymentOptions().setThreadingModel(ThreadingModel.WORKER))
                .onSuccess(id -> running.put(kind, new Running(watch, origin, id)))
                .mapEmpty();
    }

    private Future<Void> end(@Nullable Running old) {
        if (old == null) {
            return Future.succeededFuture();
        }
        running.remove(old.watch().kind());
        states.remove(old.watch().kind());
        return vertx.undeploy(old.deployment());
    }
}
