package io.tidegate.adapter.grip;

import io.tidegate.delivery.hub.Hub;
import io.tidegate.delivery.sse.Admission;
import io.tidegate.delivery.sse.CloseReason;
import io.tidegate.delivery.sse.OpenStream;
import io.tidegate.event.Cursor;
import io.tidegate.event.Selection;
import io.tidegate.event.loop.EventLoop;
import io.tidegate.journal.Journal;
import io.tidegate.journal.Page;
import io.tidegate.problem.Code;
import io.tidegate.problem.Problem;
import io.tidegate.proxy.ResponseInterceptor;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * Manages the clients that are held on one event loop: admits clients, lists them and ends their responses. Owned by
 * that event loop.
 */
public final class Holds {

    private static final long SECOND_MILLIS = 1_000;
    private static final int EVENTS_PER_READ = 256;
    /** The number of milliseconds by which each client extends a drain. */
    private static final long DRAIN_PACE_MILLIS = 10;

    private final EventLoop loop;
    private final Hub hub;
    private final Journal journal;
    private final Clock clock;
    private final HoldMetrics metrics;
    private final ResponseInterceptor interceptor;
    private final Map<HoldKey, HoldGroup> groups = new HashMap<>();
    private Guests guests = Guests.NONE;
    private boolean draining;

    /**
     * The rules for admitting held clients.
     *
     * @param admission the function that decides whether another client may be held, which is called after all other
     *     checks
     * @param refusal the function that responds to a refused client; the response head has not been written yet
     * @param maxLag the maximum time for which a client may accept no data before it is disconnected
     */
    public record Guests(
            Function<RoutingContext, Admission> admission,
            BiConsumer<RoutingContext, Problem> refusal,
            Duration maxLag) {

        private static final Problem NOT_READY = Problem.of(Code.DRAINING, "clients cannot be held yet");
        private static final Guests NONE = new Guests(
                ctx -> new Admission.Refused(NOT_READY),
                (ctx, problem) -> ctx.fail(problem.toException()),
                Duration.ZERO);
    }

    private Holds(EventLoop loop, Hub hub, Journal journal, GripOptions options, Clock clock, HoldMetrics metrics) {
        this.loop = loop;
        this.hub = hub;
        this.journal = journal;
        this.clock = clock;
        this.metrics = metrics;
        this.interceptor = new GripHold(this, new Signature(options, clock));
        loop.vertx().setPeriodic(SECOND_MILLIS, second -> all().forEach(HeldClient::tick));
    }

    /** Creates the instance for an event loop; returns empty if GRIP is disabled. */
    public static Optional<Holds> of(
            EventLoop loop, Hub hub, Journal journal, GripOptions options, Clock clock, HoldMetrics metrics) {
        return options.enabled()
                ? Optional.of(new Holds(loop, hub, journal, options, clock, metrics))
                : Optional.empty();
    }

    /** Replaces the rules. Clients that are already held are not affected. */
    public void reconfigure(Guests given) {
        guests = given;
    }

    /** Returns the interceptor that turns origins' responses to clients on this event loop into holds. */
    public ResponseInterceptor interceptor() {
        return interceptor;
    }

    /** Decides whether another client may be held. */
    Admission admit(RoutingContext ctx) {
        return draining
                ? new Admission.Refused(Problem.of(Code.DRAINING, "this node is shutting down"))
                : guests.admission().apply(ctx);
    }

    void refuse(RoutingContext ctx, Problem problem) {
        guests.refusal().accept(ctx, problem);
    }

    HoldGroup group(HoldKey key) {
        return groups.computeIfAbsent(key, absent -> new HoldGroup(key, hub, metrics, () -> groups.remove(key)));
    }

    <T extends HeldClient> T add(T client, HoldGroup group, RoutingContext ctx) {
        group.add(client);
        metrics.held(group.mode());
        ctx.addEndHandler(over -> client.leave(CloseReason.CLIENT));
        return client;
    }

    /**
     * Ends every held response normally, spread over a period so that the clients do not all reconnect at the same
     * time. From now on, no clients are held; they are refused instead.
     *
     * @return a future that completes on this event loop when the last response has ended
     */
    public Future<Void> drain(Duration window) {
        draining = true;
        List<HeldClient> open = all();
        long spread = Math.min(window.toMillis(), open.size() * DRAIN_PACE_MILLIS);
        List<Future<Void>> ending = open.stream()
                .map(client -> loop.vertx()
                        .timer(1 + ThreadLocalRandom.current().nextLong(spread + 1))
                        .<Void>map(ignored -> {
                            client.end(CloseReason.DRAIN);
                            return null;
                        }))
                .toList();
        return Future.join(ending).mapEmpty();
    }

    /** Lists the held clients, like {@link io.tidegate.delivery.sse.Streams#list} lists streams. */
    public List<OpenStream> list(Optional<String> subject, long after, int limit) {
        return all().stream()
                .filter(client -> isOwnedBy(subject, client) && client.owner().number() > after)
                .sorted(Comparator.comparingLong(client -> client.owner().number()))
                .limit(limit)
                .map(HeldClient::snapshot)
                .toList();
    }

    /** Ends the held responses of a subject, and returns their number. */
    public int end(String subject) {
        List<HeldClient> ending = all().stream()
                .filter(client -> isOwnedBy(Optional.of(subject), client))
                .toList();
        ending.forEach(client -> client.end(CloseReason.ENDED));
        return ending.size();
    }

    private static boolean isOwnedBy(Optional<String> subject, HeldClient client) {
        return subject.isEmpty() || subject.get().equals(client.owner().subject());
    }

    /** Reads a page from the journal. The future completes on this event loop, in a separate task. */
    Future<Page> read(Cursor after, Cursor through, Selection selection) {
        return loop.bring(journal.read(after, through.offset(), selection, EVENTS_PER_READ));
    }

    /** Logs the failure of serving one client. */
    void report(Throwable cause) {
        hub.report(cause);
    }

    EventLoop loop() {
        return loop;
    }

    Cursor head() {
        return hub.head();
    }

    long now() {
        return clock.millis();
    }

    Duration maxLag() {
        return guests.maxLag();
    }

    HoldMetrics metrics() {
        return metrics;
    }

    private List<HeldClient> all() {
        return groups.values().stream().flatMap(group -> group.held().stream()).toList();
    }
}
