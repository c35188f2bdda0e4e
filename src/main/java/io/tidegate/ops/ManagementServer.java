package io.tidegate.ops;

import io.tidegate.edge.message.ProblemResponse;
import io.tidegate.problem.Code;
import io.tidegate.problem.Problem;
import io.tidegate.problem.ProblemException;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves {@code /metrics}, {@code /health} and {@code /ready} to operators, on a port that is separate from the port
 * for clients. Runs on one event loop.
 */
public final class ManagementServer extends VerticleBase {

    private static final Logger LOG = LoggerFactory.getLogger(ManagementServer.class);
    private static final int IDLE_SECONDS = 60;
    private static final Problem NOT_FOUND = Problem.of(Code.NOT_FOUND, "the path must be /metrics, /health or /ready");
    private static final Problem INVALID_TARGET = Problem.of(Code.INVALID_TARGET, "the request target is not valid");

    private final ManagementOptions options;
    private final Metrics metrics;
    private final Readiness readiness;
    private final List<Consumer<Router>> additionalRoutes = new ArrayList<>();
    private volatile @Nullable HttpServer server;

    public ManagementServer(ManagementOptions options, Metrics metrics, Readiness readiness) {
        this.options = options;
        this.metrics = metrics;
        this.readiness = readiness;
    }

    /** Adds routes for operators and services. Must be called before the server starts. */
    public void serve(Consumer<Router> routes) {
        additionalRoutes.add(routes);
    }

    @Override
    public Future<?> start() {
        return vertx.createHttpServer(new HttpServerOptions().setIdleTimeout(IDLE_SECONDS))
                .requestHandler(router())
                .listen(options.port(), options.host())
                .onSuccess(listening -> server = listening);
    }

    /** Returns the port on which the server is listening, or 0 if it is not yet listening. */
    public int actualPort() {
        HttpServer listening = server;
        return listening == null ? 0 : listening.actualPort();
    }

    private Router router() {
        Router router = Router.router(vertx);
        router.route().handler(new PageRequests(options));
        router.get("/metrics").handler(this::metrics);
        router.get("/health").handler(readiness::health);
        router.get("/ready").handler(readiness::ready);
        additionalRoutes.forEach(routes -> routes.accept(router));
        router.route().handler(ctx -> ProblemResponse.send(ctx.request(), NOT_FOUND));
        router.route().failureHandler(ManagementServer::fail);
        // Vert.x reports 400 for a target that cannot be matched against routes.
        router.errorHandler(400, ctx -> ProblemResponse.send(ctx.request(), INVALID_TARGET));
        router.errorHandler(404, ctx -> ProblemResponse.send(ctx.request(), NOT_FOUND));
        return router;
    }

    private void metrics(RoutingContext ctx) {
        vertx.executeBlocking(metrics::scrape, false)
                .onComplete(
                        text -> ctx.response()
                                .putHeader(HttpHeaders.CONTENT_TYPE, Metrics.MEDIA_TYPE)
                                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                                .end(text),
                        ctx::fail);
    }

    private static void fail(RoutingContext ctx) {
        if (ctx.statusCode() == 400 || ctx.statusCode() == 404) {
            ProblemResponse.send(ctx.request(), ctx.statusCode() == 400 ? INVALID_TARGET : NOT_FOUND);
            return;
        }
        if (ctx.failure() instanceof ProblemException refused) {
            ProblemResponse.send(ctx.request(), refused.problem());
            return;
        }
        if (ctx.statusCode() == 413) {
            ProblemResponse.send(ctx.request(), Problem.of(Code.PAYLOAD_TOO_LARGE, "the body exceeds the limit"));
            return;
        }
        LOG.error("event=management-failed", ctx.failure());
        ProblemResponse.send(ctx.request(), Problem.of(Code.INTERNAL, "the request failed"));
    }
}
