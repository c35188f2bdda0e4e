package io.tidegate.grip;

import io.tidegate.event.Topic;
import io.tidegate.hub.Hub;
import io.tidegate.problem.ProblemException;
import io.tidegate.proxy.Hold;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All clients that are held on one event loop. Owned by that event loop. */
public final class Holds implements Hold {

    private static final Logger LOG = LoggerFactory.getLogger(Holds.class);
    private static final String SIGNATURE = "Grip-Sig";
    private static final long SECOND_MILLIS = 1_000;
    /** How much one more client adds to the time of a drain. */
    private static final long DRAIN_PACE_MILLIS = 10;

    private final Vertx vertx;
    private final Hub hub;
    private final Signature signature;
    private final Map<List<Topic>, HoldGroup> groups = new HashMap<>();
    private boolean draining;

    private Holds(Vertx vertx, Hub hub, GripOptions options, Clock clock) {
        this.vertx = vertx;
        this.hub = hub;
        this.signature = new Signature(options, clock);
        vertx.setPeriodic(SECOND_MILLIS, second -> all().forEach(HeldStream::tick));
    }

    /** Those of this event loop, when they are wanted at all. */
    public static Optional<Holds> of(Vertx vertx, Hub hub, GripOptions options, Clock clock) {
        return options.enabled() ? Optional.of(new Holds(vertx, hub, options, clock)) : Optional.empty();
    }

    @Override
    public void ask(MultiMap toOrigin) {
        toOrigin.remove(SIGNATURE);
        if (signature.wanted()) {
            toOrigin.set(SIGNATURE, signature.text());
        }
    }

    @Override
    public Optional<Held> of(HttpClientResponse answer, RoutingContext ctx) {
        Optional<Instruction> instruction;
        try {
            instruction = Instruction.take(answer.headers());
        } catch (ProblemException | IllegalArgumentException unfit) {
            LOG.warn("event=grip-refused reason={}", unfit.getMessage());
            throw new IllegalArgumentException(unfit);
        }
        if (draining || HttpMethod.HEAD.equals(ctx.request().method())) {
            return Optional.empty();
        }
        return instruction.map(asked -> hold(asked, answer, ctx));
    }

    private HeldStream hold(Instruction asked, HttpClientResponse answer, RoutingContext ctx) {
        // The body goes on where the origin's ends.
        answer.headers().remove(HttpHeaders.CONTENT_LENGTH).set("X-Accel-Buffering", "no");
        asked.status().ifPresent(ctx.response()::setStatusCode);
        HoldGroup group = groups.computeIfAbsent(
                asked.topics(), topics -> new HoldGroup(topics, hub, () -> groups.remove(topics)));
        HeldStream stream = new HeldStream(ctx.response(), asked.keepAlive(), group);
        group.add(stream);
        ctx.addEndHandler(over -> stream.leave());
        return stream;
    }

    /** Ends every held response as a whole one, spread over a time so that the clients do not all come back at once. */
    public Future<Void> drain(Duration window) {
        draining = true;
        List<HeldStream> open = all();
        long spread = Math.min(window.toMillis(), open.size() * DRAIN_PACE_MILLIS);
        List<Future<Void>> ending = open.stream()
                .map(stream -> vertx.timer(1 + ThreadLocalRandom.current().nextLong(spread + 1))
                        .<Void>map(ignored -> {
                            stream.end();
                            return null;
                        }))
                .toList();
        return Future.join(ending).mapEmpty();
    }

    private List<HeldStream> all() {
        return groups.values().stream().flatMap(group -> group.held().stream()).toList();
    }
}
