package io.tidegate.node;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the steps of a shutdown within a time limit. A step that fails or takes too long is logged and abandoned, so
 * that the next one can begin. The timeouts do not depend on an event loop, so they also fire if an event loop is
 * blocked.
 */
final class ShutdownSequence {

    private static final Logger LOG = LoggerFactory.getLogger(ShutdownSequence.class);

    private final long deadline;
    private final Set<String> abandoned = ConcurrentHashMap.newKeySet();

    /**
     * Creates a sequence whose time limit begins now.
     *
     * @param limit the time limit for all steps together
     */
    ShutdownSequence(Duration limit) {
        deadline = System.nanoTime() + limit.toNanos();
    }

    /**
     * Runs a step.
     *
     * @param limit the time limit for this step; reduced to the time that is left for all steps, if that is shorter
     * @return a future that succeeds when the step is done or has been abandoned
     */
    Future<Void> step(String name, Duration limit, Supplier<Future<?>> step) {
        long millis = Math.max(1, Math.min(limit.toMillis(), (deadline - System.nanoTime()) / 1_000_000));
        Promise<Void> taken = Promise.promise();
        Future.future(done -> step.get().onComplete(end -> done.handle(end.mapEmpty())))
                .onComplete(end -> taken.handle(end.mapEmpty()));
        return taken.future()
                .timeout(millis, TimeUnit.MILLISECONDS)
                .onFailure(failure -> {
                    abandoned.add(name);
                    LOG.warn("event=stop-incomplete step={} reason={}", name, failure.toString());
                })
                .otherwiseEmpty();
    }

    /** Returns whether any of these steps has failed or taken too long. */
    boolean abandoned(String... steps) {
        return Stream.of(steps).anyMatch(abandoned::contains);
    }
}
