package io.tidegate;

import io.tidegate.auth.Caller;
import io.tidegate.auth.Role;
import io.tidegate.auth.Tickets;
import io.tidegate.auth.Tokens;
import io.tidegate.deploy.DeployVerticle;
import io.tidegate.event.TopicPattern;
import io.tidegate.http.HttpVerticle;
import io.tidegate.http.Shared;
import io.tidegate.instance.InstanceVerticle;
import io.tidegate.item.ItemVerticle;
import io.tidegate.item.ServerStateVerticle;
import io.tidegate.journal.Journal;
import io.tidegate.journal.JournalVerticle;
import io.tidegate.journal.Journals;
import io.tidegate.kind.KindVerticle;
import io.tidegate.ops.ManagementServer;
import io.tidegate.ops.Metrics;
import io.tidegate.ops.Readiness;
import io.tidegate.session.SessionVerticle;
import io.tidegate.ui.Pages;
import io.vertx.core.Deployable;
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

/** One node: builds the rooms from the settings, starts them in the order of the data's flow, and stops them against it. */
public final class Gateway {

    private static final Duration PROBE_TIMEOUT = Duration.ofSeconds(2);

    private static final Duration PAGE_TOKEN = Duration.ofHours(12);

    private final Vertx vertx;
    private final Settings settings;
    private final Clock clock = Clock.systemUTC();
    private final Metrics metrics = Reporting.newMetrics();
    private final Reporting reporting = new Reporting(metrics);
    private final Readiness readiness;
    private final List<String> deployed = Collections.synchronizedList(new ArrayList<>());
    private final List<HttpVerticle> loops = Collections.synchronizedList(new ArrayList<>());
    private final ManagementServer management;
    private final Parts parts;

    /** What has to be opened, with blocking calls, before anything can be deployed. */
    private record Parts(Tokens tokens, Tickets tickets, Journal journal) {}

    private Gateway(Vertx vertx, Settings settings, Parts parts) {
        this.vertx = vertx;
        this.settings = settings;
        this.parts = parts;
        this.readiness = new Readiness(vertx, clock, metrics::openStreams);
        this.management = new ManagementServer(settings.management(), metrics, readiness);
    }

    /**
     * Starts a node.
     *
     * @return the running node; fails, with nothing left running, when the key, the journal or a port is not to be had
     */
    public static Future<Gateway> start(Settings settings) {
        Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
        // Belongs to no event loop: those are gone when a failed start has been cleaned up.
        Promise<Gateway> started = Promise.promise();
        open(vertx, settings)
                .compose(parts -> new Gateway(vertx, settings, parts).deploy())
                .onSuccess(started::complete)
                .onFailure(failure -> vertx.close().onComplete(closed -> started.fail(failure)));
        return started.future();
    }

    private static Future<Parts> open(Vertx vertx, Settings settings) {
        Clock clock = Clock.systemUTC();
        Path data = Path.of(settings.data());
        return vertx.executeBlocking(() -> Tokens.open(data, settings.auth(), clock))
                .compose(tokens -> Journals.open(data, settings.journal(), clock)
                        .map(journal -> new Parts(tokens, new Tickets(settings.auth(), clock), journal)));
    }

    private Future<Gateway> deploy() {
        JournalVerticle.registerCodecs(vertx.eventBus());
        KindVerticle.registerCodecs(vertx.eventBus());
        Journal journal = parts.journal();
        readiness.dependsOn("journal", PROBE_TIMEOUT, journal::check);
        return deploy(new JournalVerticle(journal, reporting))
                .compose(done -> Future.all(List.of(
                        deploy(new SessionVerticle(journal, clock)),
                        deploy(new InstanceVerticle(journal, clock)),
                        deploy(new ItemVerticle(journal, clock)),
                        deploy(new ServerStateVerticle(journal)),
                        deploy(new DeployVerticle(journal, settings.deploys(), Path.of(settings.data()), clock)))))
                .compose(done -> deployHttp())
                .compose(done -> deploy(management))
                .map(this)
                .recover(failure -> undeploy().transform(stopped -> Future.failedFuture(failure)));
    }

    private Future<Void> deployHttp() {
        Shared shared = new Shared(
                parts.journal(),
                clock,
                parts.tokens(),
                parts.tickets(),
                readiness,
                settings.ui().enabled() ? Optional.of(Pages.load()) : Optional.empty(),
                settings.origins(),
                settings.deploys().defaultRecipe(),
                new Shared.Options(settings.http(), settings.streams(), settings.poll()),
                reporting.listeners());
        DeploymentOptions options = new DeploymentOptions().setInstances(eventLoops());
        return vertx.deployVerticle(
                        () -> {
                            HttpVerticle loop = new HttpVerticle(shared);
                            loops.add(loop);
                            return loop;
                        },
                        options)
                .onSuccess(deployed::add)
                .mapEmpty();
    }

    private Future<Void> deploy(Deployable verticle) {
        return vertx.deployVerticle(verticle).onSuccess(deployed::add).mapEmpty();
    }

    private int eventLoops() {
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

    /** Stops what was started, the last first: streams say goodbye, children end, and the journal is closed at the end. */
    public Future<Void> stop() {
        readiness.draining();
        Promise<Void> stopped = Promise.promise();
        undeploy().onComplete(done -> vertx.close().onComplete(closed -> stopped.complete()));
        return stopped.future();
    }

    private Future<Void> undeploy() {
        List<String> ids = new ArrayList<>(deployed);
        Collections.reverse(ids);
        Future<Void> undeployed = Future.succeededFuture();
        for (String id : ids) {
            undeployed = undeployed.transform(before -> vertx.undeploy(id));
        }
        return undeployed.transform(done -> parts.journal().close()).onComplete(done -> metrics.close());
    }
}
