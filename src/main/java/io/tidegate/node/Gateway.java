package io.tidegate.node;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.tidegate.access.Caller;
import io.tidegate.access.Role;
import io.tidegate.adapter.grip.HeldClientCount;
import io.tidegate.adapter.grip.PublishItems;
import io.tidegate.adapter.watch.Watches;
import io.tidegate.auth.token.Tokens;
import io.tidegate.delivery.sse.OpenStreamCount;
import io.tidegate.edge.limit.Limits;
import io.tidegate.edge.netty.Internals;
import io.tidegate.edge.overload.EarlyCollections;
import io.tidegate.edge.overload.Headroom;
import io.tidegate.event.TopicPattern;
import io.tidegate.http.ClientMetrics;
import io.tidegate.http.NodeServices;
import io.tidegate.journal.Appender;
import io.tidegate.journal.Journal;
import io.tidegate.journal.writer.JournalVerticle;
import io.tidegate.kind.KindVerticle;
import io.tidegate.kind.deploy.DeployVerticle;
import io.tidegate.node.Deployments.Rank;
import io.tidegate.ops.ManagementServer;
import io.tidegate.ops.MeteredVertx;
import io.tidegate.ops.Metrics;
import io.tidegate.ops.Readiness;
import io.tidegate.ops.ui.Pages;
import io.tidegate.proxy.origin.OriginLimits;
import io.tidegate.proxy.origin.Origins;
import io.tidegate.proxy.origin.Probes;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;

/**
 * A gateway node. Builds all services from the settings, starts them in the order in which data flows through them, and
 * stops them in reverse order. {@link #start}, {@link #reload} and {@link #stop} may be called from any thread.
 */
public final class Gateway {

    private static final Duration PROBE_TIMEOUT = Duration.ofSeconds(2);

    /** The interval at which file descriptor and heap usage is sampled. */
    private static final Duration SAMPLE = Duration.ofMillis(500);

    /** The time limit for each shutdown step after clients are no longer served. */
    private static final Duration STEP = Duration.ofSeconds(2);

    /**
     * The number of threads for blocking work such as opening files, sampling resources and resolving names, which is
     * rare.
     */
    private static final int WORKERS = 4;

    private static final Duration PAGE_TOKEN = Duration.ofHours(12);

    private final Vertx vertx;
    private final Settings settings;
    private Settings current;
    private final Clock clock;
    private final Metrics metrics;
    private final OpenStreamCount openStreams = new OpenStreamCount();
    private final HeldClientCount heldClients = new HeldClientCount();
    private final ClientMetrics clientMetrics;
    private final Readiness readiness;
    private final Headroom headroom;
    private final EarlyCollections collections;
    private final Limits limits;
    private final Deployments deployments;
    private final HttpLoops loops;
    private final Origins origins;
    private final Probes probes;
    private final ManagementServer management;
    private final DeployVerticle deploys;
    private final Watches watches;
    private final Resources resources;

    private Gateway(Vertx vertx, Metrics metrics, Settings settings, Clock clock, Resources resources) {
        this.vertx = vertx;
        this.metrics = metrics;
        this.deployments = new Deployments(vertx);
        this.clock = clock;
        this.settings = settings;
        this.current = settings;
        this.resources = resources;
        this.loops = new HttpLoops(vertx, resources.certificates());
        MeterRegistry registry = metrics.registry();
        this.clientMetrics = ClientMetrics.register(registry, openStreams, heldClients);
        this.readiness = new Readiness(vertx, clock, () -> openStreams.total() + heldClients.total());
        this.headroom = new Headroom(settings.overload(), registry, Internals.directMemoryLimit());
        this.collections = new EarlyCollections(settings.overload());
        this.origins = new Origins(
                settings.origins(),
                registry,
                OriginLimits.capacity(headroom.descriptorLimit(), HttpLoops.number(settings)));
        this.probes = new Probes(origins);
        readiness.withStates("origin", origins::health);
        this.limits = Limits.of(settings.limits(), registry);
        readiness.withNumber("permits", limits.permits()::inUse);
        countVerifications(registry, resources.tokens());
        this.management = new ManagementServer(settings.management(), metrics, readiness);
        if (settings.grip().enabled()) {
            management.serve(router -> new PublishItems(new Appender(vertx.eventBus()))
                    .mount(router, settings.http().maxBody()));
        }
        this.deploys = new DeployVerticle(resources.journal(), settings.deploys(), Path.of(settings.data()), clock);
        this.watches = new Watches(
                vertx,
                resources.journal(),
                clock,
                kind -> settings.journal().retention(kind).keys(),
                openStreams::anyMayShow,
                registry);
    }

    private static void countVerifications(MeterRegistry registry, Tokens tokens) {
        FunctionCounter.builder("token.verifications", tokens, Tokens::verifications)
                .description("Tokens whose signature was verified, without those found in the cache")
                .register(registry);
    }

    /**
     * Starts a node.
     *
     * @return a future with the running node; it fails, with nothing left running, if the key, the journal or a port is
     *     not available
     */
    public static Future<Gateway> start(Settings settings) {
        return start(settings, Clock.systemUTC());
    }

    /** Starts a node that uses the given clock. */
    public static Future<Gateway> start(Settings settings, Clock clock) {
        Metrics metrics = new Metrics();
        VertxOptions options = new VertxOptions()
                .setPreferNativeTransport(true)
                .setEventLoopPoolSize(HttpLoops.number(settings))
                .setWorkerPoolSize(WORKERS)
                .setInternalBlockingPoolSize(WORKERS);
        Vertx vertx = MeteredVertx.create(options, settings.metrics().vertx(), metrics.registry());
        // This promise is not bound to an event loop, because after a failed start, it is completed when all event
        // loops have already been closed.
        Promise<Gateway> started = Promise.promise();
        Resources.open(vertx, settings, clock)
                .compose(resources -> new Gateway(vertx, metrics, settings, clock, resources).deploy())
                .onSuccess(started::complete)
                .onFailure(failure -> vertx.close()
                        .onComplete(closed -> metrics.close())
                        .onComplete(closed -> started.fail(failure)));
        return started.future();
    }

    private Future<Gateway> deploy() {
        JournalVerticle.registerCodecs(vertx.eventBus());
        KindVerticle.registerCodecs(vertx.eventBus());
        Journal journal = resources.journal();
        headroom.sample();
        vertx.setPeriodic(SAMPLE.toMillis(), tick -> vertx.executeBlocking(Executors.callable(this::sample), false));
        readiness
                .dependsOn("journal", PROBE_TIMEOUT, journal::check)
                .withStates("journal", () -> journal.damage()
                        .map(text -> Map.of("damage", text))
                        .orElse(Map.of()))
                .withStates("watch", watches::summary);
        return deployments
                .deploy(
                        Rank.JOURNAL,
                        new JournalVerticle(journal, settings.journal().queuedBytes(), metrics.registry()))
                .compose(done -> Future.all(KindVerticles.of(journal, clock, deploys).stream()
                        .map(verticle -> deployments.deploy(Rank.KIND, verticle))
                        .toList()))
                .compose(done -> watches.reconfigure(settings.watches(), settings.origins()))
                .compose(done -> Internals.selfTest(vertx, clientMetrics.problems()))
                .compose(this::deployHttp)
                .compose(done -> deployments.deploy(Rank.HTTP, probes))
                .compose(done -> deployments.deploy(Rank.MANAGEMENT, management))
                .map(this)
                .recover(failure -> end(new ShutdownSequence(settings.shutdown().steps()))
                        .transform(stopped -> Future.failedFuture(failure)));
    }

    private void sample() {
        headroom.sample();
        collections.sample();
    }

    private Future<Void> deployHttp(Internals internals) {
        NodeServices services = new NodeServices(
                resources.journal(),
                clock,
                resources.tokens(),
                resources.tickets(),
                readiness,
                headroom,
                origins,
                limits,
                settings.grip(),
                settings.ui().enabled() ? Optional.of(Pages.load()) : Optional.empty(),
                internals,
                loops,
                watches,
                clientMetrics);
        return loops.deploy(services, settings)
                .onSuccess(id -> deployments.remember(Rank.HTTP, id))
                .mapEmpty();
    }

    public int httpPort() {
        return loops.port();
    }

    public int managementPort() {
        return management.actualPort();
    }

    /** Issues a token with the given role for all topics, signed with this node's key. */
    public String token(String subject, Role role, Duration ttl) {
        return resources.tokens().mint(subject, role, List.of(TopicPattern.ALL), ttl);
    }

    /** Issues a ticket for the embedded pages. The ticket also allows starting deploys. */
    public String ticket() {
        String token = token("page", Role.PUBLISHER, PAGE_TOKEN);
        Caller caller = resources.tokens().verify(token).result();
        return resources.tickets().issue(caller, token).text();
    }

    /**
     * Applies the settings that can change while the node runs.
     *
     * @return a future with the keys that were applied and the keys that need a restart; it completes when every event
     *     loop has applied the settings
     */
    public synchronized Future<Reload> reload(Settings next) {
        Reload reload = Reload.between(settings, current, next);
        current = next;
        headroom.reconfigure(next.overload());
        collections.reconfigure(next.overload());
        origins.reconfigure(next.origins());
        limits.reconfigure(next.limits());
        return Future.all(
                        deploys.reconfigure(next.deploys()),
                        probes.restart(),
                        watches.reconfigure(next.watches(), next.origins()),
                        loops.reconfigure(next))
                .map(reload);
    }

    /**
     * Stops the node within {@code shutdown.time-limit}, even if steps fail or time out. The node becomes unready;
     * streams are drained and requests in progress complete while child processes are ended; then WebSockets are
     * closed, and the journal is closed last.
     *
     * @return a future that completes when the node has stopped; its result is the reason if the journal could not
     *     complete its commits and close its file in time, and otherwise empty; it never fails
     */
    public Future<Optional<String>> stop() {
        readiness.draining();
        ShutdownOptions limits = settings.shutdown();
        ShutdownSequence stopping = new ShutdownSequence(limits.steps());
        return Future.join(
                        stopping.step("deploys", limits.clients(), deploys::endRuns),
                        stopping.step("clients", limits.clients(), () -> loops.drain(limits)))
                .transform(done -> end(stopping))
                .compose(done -> stopping.step("vertx", STEP, vertx::close))
                .map(done -> stopping.abandoned("kinds", "appends", "journal")
                        ? Optional.of("the journal was not closed in time: the disk of " + settings.data()
                                + " does not respond")
                        : Optional.empty());
    }

    /** Stops the services in an order in which those that write to the journal end before the journal is closed. */
    private Future<Void> end(ShutdownSequence stopping) {
        return stopping.step("http", STEP, () -> deployments.undeploy(Rank.HTTP))
                .compose(done -> stopping.step("management", STEP, () -> deployments.undeploy(Rank.MANAGEMENT)))
                .compose(done -> stopping.step("watches", STEP, watches::stop))
                .compose(done -> stopping.step("kinds", STEP, () -> deployments.undeploy(Rank.KIND)))
                .compose(done -> stopping.step("appends", STEP, () -> deployments.undeploy(Rank.JOURNAL)))
                .compose(done ->
                        stopping.step("journal", STEP, () -> resources.journal().close()))
                .onComplete(done -> metrics.close());
    }
}
