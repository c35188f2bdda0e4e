package io.tidegate.node;

import io.tidegate.adapter.watch.Watch;
import io.tidegate.edge.tls.Certificates;
import io.tidegate.http.HttpVerticle;
import io.tidegate.http.NodeServices;
import io.tidegate.http.OpenStreams;
import io.tidegate.http.Unfinished;
import io.tidegate.http.UnixSocket;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The HTTP verticles of a node, one per event loop, which share a listening port. Thread-safe. */
final class HttpLoops implements NodeServices.Loops {

    private static final Logger LOG = LoggerFactory.getLogger(HttpLoops.class);

    /** A step of the start that may block. */
    private interface Step {
        void run(UnixSocket socket) throws IOException;
    }

    private final Vertx vertx;
    private final Optional<Certificates> certificates;
    private final List<HttpVerticle> loops = Collections.synchronizedList(new ArrayList<>());

    HttpLoops(Vertx vertx, Optional<Certificates> certificates) {
        this.vertx = vertx;
        this.certificates = certificates;
    }

    static int number(Settings settings) {
        int configured = settings.http().eventLoops();
        return configured > 0 ? configured : Runtime.getRuntime().availableProcessors();
    }

    /** Starts all loops. The future completes with the deployment ID when they are listening. */
    Future<String> deploy(NodeServices services, Settings settings) {
        NodeServices.Options options = options(settings);
        Optional<UnixSocket> socket = settings.http().socket();
        return onWorker(socket, UnixSocket::prepare)
                .compose(prepared -> deploy(services, options, number(settings)))
                .compose(id -> onWorker(socket, UnixSocket::permit).map(id).recover(failure -> vertx.undeploy(id)
                        .transform(done -> Future.failedFuture(failure))));
    }

    private Future<Void> onWorker(Optional<UnixSocket> socket, Step step) {
        return vertx.executeBlocking(() -> {
            if (socket.isPresent()) {
                step.run(socket.get());
            }
            return null;
        });
    }

    private Future<String> deploy(NodeServices services, NodeServices.Options options, int instances) {
        return vertx.deployVerticle(
                        () -> {
                            HttpVerticle loop = new HttpVerticle(services, options, certificates);
                            loops.add(loop);
                            return loop;
                        },
                        new DeploymentOptions().setInstances(instances))
                .onSuccess(id -> certificates.ifPresent(files -> files.watch(this::useCertificate)));
    }

    /** Applies new settings. The future completes when every loop has applied them. */
    Future<Void> reconfigure(Settings next) {
        List<Future<Void>> applied = new ArrayList<>();
        loops.forEach(loop -> applied.add(loop.reconfigure(options(next))));
        certificates.ifPresent(files -> applied.add(files.reload(this::useCertificate)));
        return Future.all(applied).mapEmpty();
    }

    /**
     * Stops serving clients on all loops. Streams are drained and requests in progress complete, each within its limit.
     * When no loop has a request left, WebSockets are closed.
     */
    Future<Void> drain(ShutdownOptions limits) {
        List<HttpVerticle> draining = List.copyOf(loops);
        return Future.join(draining.stream()
                        .map(loop -> loop.drain(limits.requests(), limits.clients()))
                        .toList())
                .onSuccess(drained -> logUnfinished(drained.list()))
                .eventually(() -> Future.join(draining.stream()
                        .map(loop -> loop.closeWebSockets(limits.webSockets()))
                        .toList()))
                .mapEmpty();
    }

    private static void logUnfinished(List<Unfinished> loops) {
        int connections = loops.stream().mapToInt(Unfinished::connections).sum();
        if (connections > 0) {
            LOG.warn(
                    "event=requests-cut-off connections={} requests-to-origins={}",
                    connections,
                    loops.stream().mapToInt(Unfinished::requestsToOrigins).sum());
        }
    }

    @Override
    public <T> Future<List<T>> query(Function<OpenStreams, T> question) {
        List<Future<Optional<T>>> answers =
                List.copyOf(loops).stream().map(loop -> loop.query(question)).toList();
        return Future.all(answers).map(all -> all.<Optional<T>>list().stream()
                .flatMap(Optional::stream)
                .toList());
    }

    int port() {
        return loops.get(0).actualPort();
    }

    /** Applies the certificate through a single loop, because all loops share the listening server. */
    private Future<?> useCertificate() {
        return loops.get(0).useCertificate();
    }

    private static NodeServices.Options options(Settings settings) {
        return new NodeServices.Options(
                settings.http(),
                settings.auth(),
                settings.streams(),
                settings.poll(),
                settings.ui(),
                settings.kindsAtRoot(),
                settings.watches().stream().map(Watch::kind).collect(Collectors.toSet()),
                settings.taps(),
                settings.deploys().defaultRecipe());
    }
}
