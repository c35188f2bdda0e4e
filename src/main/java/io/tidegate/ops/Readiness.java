package io.tidegate.ops;

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
 * Whether this node lives, and whether it should be given clients. Safe from any event loop. Anybody may ask, and asking
 * may cost a write: all who ask within {@link #FRESH} share one look at the dependencies.
 */
public final class Readiness {

    private static final Logger LOG = LoggerFactory.getLogger(Readiness.class);
    static final Duration FRESH = Duration.ofSeconds(1);

    private final Vertx vertx;
    private final Clock clock;
    private final LongSupplier openStreams;
    private final HealthChecks checks;
    private final List<Supplier<Map<String, String>>> shown = new CopyOnWriteArrayList<>();
    private final Map<String, LongSupplier> numbers = new LinkedHashMap<>();
    private volatile boolean draining;
    private Instant lookedAt = Instant.MIN;
    private @Nullable Future<CheckResult> look;

    /** @param openStreams how many streams this node has open; called from any event loop */
    public Readiness(Vertx vertx, Clock clock, LongSupplier openStreams) {
        this.vertx = vertx;
        this.clock = clock;
        this.openStreams = openStreams;
        this.checks = HealthChecks.create(vertx);
    }

    /**
     * Adds something this node cannot do its work without.
     *
     * @param name as it is shown: letters, digits and dashes
     * @param timeout after which it counts as failed
     * @param probe does real work with it; fails when that fails
     */
    public Readiness dependsOn(String name, Duration timeout, Supplier<Future<Void>> probe) {
        if (!name.matches("[a-z0-9-]+")) {
            throw new IllegalArgumentException("name: expected lower-case letters, digits and dashes");
        }
        checks.register(name, timeout.toMillis(), seen -> Future.<Void>future(
                        done -> probe.get().onComplete(done))
                .onComplete(ignored -> seen.tryComplete(Status.OK()), seen::tryFail));
        return this;
    }

    /**
     * Tells the states of things that this node can do without, beside those of its dependencies. They do not make it
     * unready: what fails for every node alike must not take them all away.
     *
     * @param name what they are, as {@link #dependsOn} wants it
     * @param states the state of each by its own name; called from any event loop
     */
    public Readiness shows(String name, Supplier<Map<String, String>> states) {
        shown.add(() -> {
            Map<String, String> named = new LinkedHashMap<>();
            states.get().forEach((each, state) -> named.put(name + ' ' + each, state));
            return named;
        });
        return this;
    }

    /**
     * Shows one more number of this node; to be called before anybody asks.
     *
     * @param name of the member
     * @param number called from any event loop
     */
    public Readiness tells(String name, LongSupplier number) {
        numbers.put(name, number);
        return this;
    }

    /** From now on this node is not ready, whatever its dependencies say. */
    public void draining() {
        draining = true;
    }

    /** {@code GET /health}: 200 as long as this process answers; depends on nothing. */
    public void health(RoutingContext ctx) {
        answer(ctx, 200, new JsonObject().put("status", "UP"));
    }

    /**
     * {@code GET /ready}: 200 or 503, and
     * {@code {"status":"UP|DOWN|DRAINING","streams":n,"dependencies":{"<name>":"UP|DOWN"}}}. Why something is down is
     * for the log alone.
     */
    public void ready(RoutingContext ctx) {
        if (draining) {
            tell(ctx, "DRAINING", new JsonObject());
            return;
        }
        // Another loop may have started the look.
        EventLoop.current(vertx)
                .bring(look())
                .map(seen -> {
                    JsonObject dependencies = new JsonObject();
                    seen.getChecks().forEach(check -> dependencies.put(check.getId(), status(check)));
                    shown.forEach(states -> states.get().forEach(dependencies::put));
                    tell(ctx, draining ? "DRAINING" : status(seen), dependencies);
                    return seen;
                })
                .onFailure(ctx::fail);
    }

    private void tell(RoutingContext ctx, String status, JsonObject dependencies) {
        answer(
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

    private synchronized Future<CheckResult> look() {
        Instant now = clock.instant();
        Future<CheckResult> last = look;
        if (last != null && (!last.isComplete() || now.isBefore(lookedAt.plus(FRESH)))) {
            return last;
        }
        lookedAt = now;
        Future<CheckResult> next = checks.checkStatus().onSuccess(Readiness::log);
        look = next;
        return next;
    }

    private static void log(CheckResult seen) {
        seen.getChecks().stream()
                .filter(check -> !check.getUp())
                .forEach(check -> LOG.warn(
                        "event=dependency-down name={} cause={}", check.getId(), String.valueOf(check.getFailure())));
    }

    private static void answer(RoutingContext ctx, int status, JsonObject body) {
        if (ctx.response().closed()) {
            return;
        }
        ctx.response()
                .setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .end(body.toBuffer());
    }
}
