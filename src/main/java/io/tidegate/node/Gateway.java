package io.tidegate.node;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.tidegate.access.Caller;
import io.tidegate.access.Role;
import io.tidegate.adapter.grip.HeldClientCount;
import io.tidegate.adapter.grip.PublishItems;
import io.tidegate.adapter.watch.Watch;
import io.tidegate.adapter.watch.Watches;
import io.tidegate.auth.token.Tokens;
import io.tidegate.delivery.sse.OpenStreamCount;
import io.tidegate.edge.limit.Limits;
import io.tidegate.edge.netty.Internals;
import io.tidegate.edge.overload.EarlyCollections;
import io.tidegate.edge.overload.Headroom;
import io.tidegate.event.TopicPattern;
import io.tidegate.http.ClientMetrics;
import io.tidegate.http.HttpVerticle;
import io.tidegate.http.NodeServices;
import io.tidegate.http.OpenStreams;
import io.tidegate.journal.Appender;
import io.tidegate.journal.Journal;
import io.tidegate.journal.writer.JournalVerticle;
import io.tidegate.kind.KindVerticle;
import io.tidegate.kind.recipe.DeployVerticle;
import io.tidegate.node.Deployments.Rank;
import io.tidegate.ops.ManagementServer;
import io.tidegate.ops.MeteredVertx;
import io.tidegate.ops.Metrics;
import io.tidegate.ops.Readiness;
import io.tidegate.ops.ui.Pages;
import io.tidegate.proxy.origin.Origins;
import io.tidegate.proxy.origin.Probes;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.stream.Collectors;

/** One node: builds the rooms from the settings, starts them in the order of the data's flow, and stops them against it. */
public final class Gateway {

    private static final Duration PROBE_TIMEOUT = Duration.ofSeconds(2);

    /** How often the use of descriptors and heap is sampled. */
    private static final Duration SAMPLE = Duration.ofMillis(500);

    /** All of a stop. */
    private static final Duration STOP = Duration.ofSeconds(28);
    /** Its longest part, in which streams leave one after the other; what is left suffices to close the journal. */
    private static final Duration DRAIN = Duration.ofSeconds(25);
    /** Any other part of it. */
    private static final Duration STEP = Duration.ofSeconds(2);

    /** Threads for blocking work that is rare here: opening files, looking at the machine, resolving names. */
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
    private final Deployments deployed;
    private final List<HttpVerticle> loops = Collections.synchronizedList(new ArrayList<>());
    private final Origins origins;
    private final Probes probes;
    private final ManagementServer management;
    private final DeployVerticle deploys;
    private final Watches watches;
    private final Resources parts;

    private Gateway(Vertx vertx, Metrics metrics, Settings settings, Clock clock, Resources parts) {
        this.vertx = vertx;
        this.metrics = metrics;
        this.deployed = new Deployments(vertx);
        this.clock = clock;
        this.settings = settings;
        this.current = settings;
        this.parts = parts;
        MeterRegistry registry = metrics.registry();
        this.clientMetrics = ClientMetrics.register(registry, openStreams, heldClients);
        this.readiness = new Readiness(vertx, clock, () -> openStreams.total() + heldClients.total());
        this.headroom = new Headroom(settings.overload(), registry);
        this.collections = new EarlyCollections(settings.overload());
        this.origins = new Origins(settings.origins(), registry);
        this.probes = new Probes(origins);
        readiness.shows("origin", origins::health);
        this.limits = Limits.of(settings.limits(), registry);
        readiness.tells("permits", limits.permits()::inUse);
        countVerifications(registry, parts.tokens());
        this.management = new ManagementServer(settings.management(), metrics, readiness);
        if (settings.grip().enabled()) {
            management.serve(router -> new PublishItems(new Appender(vertx.eventBus()))
                    .mount(router, settings.http().maxBody()));
        }
        this.deploys = new DeployVerticle(parts.journal(), settings.deploys(), Path.of(settings.data()), clock);
        this.watches = new Watches(
                vertx,
                parts.journal(),
                clock,
                kind -> settings.journal().retention(kind).keys(),
                openStreams::anyMayShow,
                registry);
    }

    private static void countVerifications(MeterRegistry registry, Tokens tokens) {
        FunctionCounter.builder("token.verifications", tokens, Tokens::verifications)
                .description("Tokens whose signature was checked; not those known from before")
                .register(registry);
    }

    /**
     * Starts a node.
     *
     * @return the running node; fails, with nothing left running, when the key, the journal or a port is not to be had
     */
    public static Future<Gateway> start(Settings settings) {
        return start(settings, Clock.systemUTC());
    }

    /** Starts a node that goes by a clock. */
    public static Future<Gateway> start(Settings settings, Clock clock) {
        Metrics metrics = new Metrics();
        VertxOptions options = new VertxOptions()
                .setPreferNativeTransport(true)
                .setEventLoopPoolSize(eventLoops(settings))
                .setWorkerPoolSize(WORKERS)
                .setInternalBlockingPoolSize(WORKERS);
        Vertx vertx = MeteredVertx.create(options, settings.metrics().vertx(), metrics.registry());
        // Belongs to no event loop: those are gone when a failed start has been cleaned up.
        Promise<Gateway> started = Promise.promise();
        Resources.open(vertx, settings, clock)
                .compose(parts -> new Gateway(vertx, metrics, settings, clock, parts).deploy())
                .onSuccess(started::complete)
                .onFailure(failure -> vertx.close()
                        .onComplete(closed -> metrics.close())
                        .onComplete(closed -> started.fail(failure)));
        return started.future();
    }

    private Future<Gateway> deploy() {
        JournalVerticle.registerCodecs(vertx.eventBus());
        KindVerticle.registerCodecs(vertx.eventBus());
        Journal journal = parts.journal();
        headroom.sample();
        vertx.setPeriodic(SAMPLE.toMillis(), tick -> vertx.executeBlocking(Executors.callable(this::sample), false));
        readiness.dependsOn("journal", PROBE_TIMEOUT, journal::check).shows("watch", watches::summary);
        return deployed.deploy(
                        Rank.JOURNAL,
                        new JournalVerticle(journal, settings.journal().queuedBytes(), metrics.registry()))
                .compose(done -> Future.all(KindVerticles.of(journal, clock, deploys).stream()
                        .map(verticle -> deployed.deploy(Rank.KIND, verticle))
                        .toList()))
                .compose(done -> watches.reconfigure(settings.watches(), settings.origins()))
                .compose(done -> Internals.selfTest(vertx, clientMetrics.problems()))
                .compose(this::deployHttp)
                .compose(done -> deployed.deploy(Rank.HTTP, probes))
                .compose(done -> deployed.deploy(Rank.MANAGEMENT, management))
                .map(this)
                .recover(failure -> end(new ShutdownSequence(STOP)).transform(stopped -> Future.failedFuture(failure)));
    }

    private void sample() {
        headroom.sample();
        collections.sample();
    }

    private Future<Void> deployHttp(Internals internals) {
        NodeServices shared = new NodeServices(
                parts.journal(),
                clock,
                parts.tokens(),
                parts.tickets(),
                readiness,
                headroom,
                origins,
                limits,
                settings.grip(),
                settings.ui().enabled() ? Optional.of(Pages.load()) : Optional.empty(),
                internals,
                this::ask,
                watches,
                clientMetrics);
        DeploymentOptions options = new DeploymentOptions().setInstances(eventLoops(settings));
        return vertx.deployVerticle(
                        () -> {
                            HttpVerticle loop = new HttpVerticle(shared, options(settings), parts.certificates());
                            loops.add(loop);
                            return loop;
                        },
                        options)
                .onSuccess(id -> deployed.remember(Rank.HTTP, id))
                .onSuccess(id -> parts.certificates().ifPresent(files -> files.watch(this::useCertificate)))
                .mapEmpty();
    }

    private <T> Future<List<T>> ask(Function<OpenStreams, T> question) {
        List<Future<Optional<T>>> answers =
                List.copyOf(loops).stream().map(loop -> loop.ask(question)).toList();
        return Future.all(answers).map(all -> all.<Optional<T>>list().stream()
                .flatMap(Optional::stream)
                .toList());
    }

    /** One server listens for all loops. */
    private Future<?> useCertificate() {
        return loops.get(0).useCertificate();
    }

    private static NodeServices.Options options(Settings settings) {
        return new NodeServices.Options(
                settings.http(),
                settings.auth(),
                settings.streams(),
                settings.poll(),
                settings.watches().stream().map(Watch::kind).collect(Collectors.toSet()),
                settings.taps(),
                settings.deploys().defaultRecipe());
    }

    private static int eventLoops(Settings settings) {
        int configured = settings.http().eventLoops();
        return configured > 0 ? configured : Runtime.getRuntime().availableProcessors();
    }

    public int httpPort() {
        return loops.get(0).actualPort();
    }

    public int managementPort() {
        return management.actualPort();
    }

    /** Mints a token for everything the role may do, signed with this node's key. */
    public String token(String subject, Role role, Duration ttl) {
        return parts.tokens().mint(subject, role, List.of(TopicPattern.ALL), ttl);
    }

    /** A ticket for the embedded pages, from which deploys can be started. */
    public String ticket() {
        String token = token("page", Role.PUBLISHER, PAGE_TOKEN);
        Caller caller = parts.tokens().verify(token).result();
        return parts.tickets().issue(caller, token).text();
    }

    /**
     * Takes over what can change while the node runs. Reloads come one after the other.
     *
     * @return what was taken over and what waits for a restart, once every loop goes by it
     */
    public synchronized Future<Reload> reload(Settings next) {
        Reload reload = Reload.between(settings, current, next);
        current = next;
        headroom.reconfigure(next.overload());
        collections.reconfigure(next.overload());
        origins.reconfigure(next.origins());
        limits.reconfigure(next.limits());
        List<Future<Void>> taken = new ArrayList<>();
        taken.add(deploys.reconfigure(next.deploys()));
        taken.add(probes.renew());
        taken.add(watches.reconfigure(next.watches(), next.origins()));
        loops.forEach(loop -> taken.add(loop.reconfigure(options(next))));
        parts.certificates().ifPresent(files -> taken.add(files.look(this::useCertificate)));
        return Future.all(taken).map(reload);
    }

    /**
     * Stops in less than 30 seconds, whatever happens: the node is no longer ready, streams say goodbye while the children
     * end, requests under way are answered, and the journal is closed at the end.
     *
     * @return always succeeds
     */
    public Future<Void> stop() {
        readiness.draining();
        ShutdownSequence stopping = new ShutdownSequence(STOP);
        return Future.join(
                        stopping.step("deploys", DRAIN, deploys::endRuns),
                        stopping.step("streams", DRAIN, () -> deployed.undeploy(Rank.HTTP)))
                .transform(done -> end(stopping))
                .compose(done -> stopping.step("vertx", STEP, vertx::close));
    }

    /** In this order: whoever writes to the journal ends before it. What never began is no step. */
    private Future<Void> end(ShutdownSequence stopping) {
        return stopping.step("http", STEP, () -> deployed.undeploy(Rank.HTTP))
                .compose(done -> stopping.step("management", STEP, () -> deployed.undeploy(Rank.MANAGEMENT)))
                .compose(done -> stopping.step("watches", STEP, watches::stop))
                .compose(done -> stopping.step("kinds", STEP, () -> deployed.undeploy(Rank.KIND)))
                .compose(done -> stopping.step("appends", STEP, () -> deployed.undeploy(Rank.JOURNAL)))
                .compose(done ->
                        stopping.step("journal", STEP, () -> parts.journal().close()))
                .onComplete(done -> metrics.close());
    }
}
