package io.tidegate.ops;

import io.tidegate.edge.message.ResponseBody;
import io.tidegate.event.loop.EventLoop;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.healthchecks.CheckResult;
import io.vertx.ext.healthchecks.HealthChecks;
import io.vertx.ext.healthchecks.Status;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves the health and readiness of this node. Checking the dependencies may require a write, and any client can
 * request a check; therefore, all requests within {@link #MAX_AGE} share one check. Thread-safe.
 */
public final class Readiness {

    private static final Logger LOG = LoggerFactory.getLogger(Readiness.class);
    static final Duration MAX_AGE = Duration.ofSeconds(1);

    private final Vertx vertx;
    private final Clock clock;
    private final LongSupplier openStreams;
    private final HealthChecks checks;
    private final List<Supplier<Map<String, String>>> shown = new CopyOnWriteArrayList<>();
    private final Map<String, LongSupplier> numbers = new LinkedHashMap<>();
    private volatile boolean draining;
    private Instant checkedAt = Instant.MIN;
    private @Nullable Future<CheckResult> lastCheck;

    /**
     * Creates an instance without dependencies.
     *
     * @param openStreams returns the number of open streams on this node; called on any event loop
     */
    public Readiness(Vertx vertx, Clock clock, LongSupplier openStreams) {
        this.vertx = vertx;
        this.clock = clock;
        this.openStreams = openStreams;
        this.checks = HealthChecks.create(vertx);
    }

    /**
     * Adds a dependency that this node cannot work without.
     *
     * @param name the name in the response, which consists of lower-case letters, digits and dashes
     * @param timeout the time after which the probe counts as failed
     * @param probe exercises the dependency and returns a future that fails if the dependency does not work
     */
    public Readiness dependsOn(String name, Duration timeout, Supplier<Future<Void>> probe) {
        if (!name.matches("[a-z0-9-]+")) {
            throw new IllegalArgumentException("name must consist of lower-case letters, digits and dashes");
        }
        checks.register(name, timeout.toMillis(), result -> Future.<Void>future(
                        done -> probe.get().onComplete(done))
                .onComplete(ignored -> result.tryComplete(Status.OK()), result::tryFail));
        return this;
    }

    /**
     * Adds states that are shown among the dependencies but do not affect readiness, because a failure that is common
     * to all nodes must not make all of them unready.
     *
     * @param name the common prefix of the names of the states, in the form that {@link #dependsOn} requires
     * @param states returns the states by name; called on any event loop
     */
    public Readiness withStates(String name, Supplier<Map<String, String>> states) {
        shown.add(() -> {
            Map<String, String> named = new LinkedHashMap<>();
            states.get().forEach((each, state) -> named.put(name + ' ' + each, state));
            return named;
        });
        return this;
    }

    /**
     * Adds a number to the response. Must be called before the first request.
     *
     * @param name the name of the JSON member
     * @param number returns the number; called on any event loop
     */
    public Readiness withNumber(String name, LongSupplier number) {
        numbers.put(name, number);
        return this;
    }

    /** Makes this node permanently unready, regardless of its dependencies. */
    public void draining() {
        draining = true;
    }

    /**
     * Handles {@code GET /health}. Responds with 200 as long as this process can respond, regardless of its
     * dependencies.
     */
    public void health(RoutingContext ctx) {
        respond(ctx, 200, new JsonObject().put("status", "UP"));
    }

    /**
     * Handles {@code GET /ready}. Responds with 200 or 503 and
     * {@code {"status":"UP|DOWN|DRAINING","streams":n,"dependencies":{"<name>":"UP|DOWN"}}}. The causes of failures are
     * only logged, not sent.
     */
    public void ready(RoutingContext ctx) {
        if (draining) {
            respondReady(ctx, "DRAINING", new JsonObject());
            return;
        }
        // Another event loop may have started the check.
        EventLoop.current(vertx)
                .bring(check())
                .map(result -> {
                    JsonObject dependencies = new JsonObject();
                    result.getChecks().forEach(check -> dependencies.put(check.getId(), status(check)));
                    shown.forEach(states -> states.get().forEach(dependencies::put));
                    respondReady(ctx, draining ? "DRAINING" : status(result), dependencies);
                    return result;
                })
                .onFailure(ctx::fail);
    }

    private void respondReady(RoutingContext ctx, String status, JsonObject dependencies) {
        respond(
                ctx,
                status.equals("UP") ? 200 : 503,
                new JsonObject()
                        .put("status", status)
                        .put("streams", openStreams.getAsLong())
                        .mergeIn(numbers())
                        .put("dependencies", dependencies));
    }

    private JsonObject numbers() {
        JsonObject shown = new JsonObject();
        numbers.forEach((name, number) -> shown.put(name, number.getAsLong()));
        return shown;
    }

    private static String status(CheckResult check) {
        return check.getUp() ? "UP" : "DOWN";
    }

    private synchronized Future<CheckResult> check() {
        Instant now = clock.instant();
        Future<CheckResult> last = lastCheck;
        if (last != null && (!last.isComplete() || now.isBefore(checkedAt.plus(MAX_AGE)))) {
            return last;
        }
        checkedAt = now;
        Future<CheckResult> next = checks.checkStatus().onSuccess(Readiness::log);
        lastCheck = next;
        return next;
    }

    private static void log(CheckResult result) {
        result.getChecks().stream()
                .filter(check -> !check.getUp())
                .forEach(check -> LOG.warn(
                        "event=dependency-down name={} cause={}", check.getId(), String.valueOf(check.getFailure())));
    }

    private static void respond(RoutingContext ctx, int status, JsonObject body) {
        if (ctx.response().closed()) {
            return;
        }
        ctx.response()
                .setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        ResponseBody.end(ctx.request(), body.toBuffer());
    }
}
