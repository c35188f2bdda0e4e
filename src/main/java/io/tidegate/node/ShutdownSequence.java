package io.tidegate.node;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Steps towards an end that comes in time: a step that fails or takes too long is left behind, with a line in the log, and
 * the next one begins. The clock that is watched belongs to no event loop, since one that is blocked is a reason to wait
 * for nothing.
 */
final class ShutdownSequence {

    private static final Logger LOG = LoggerFactory.getLogger(ShutdownSequence.class);

    private final long deadline;

    /** @param limit for all steps together */
    ShutdownSequence(Duration limit) {
        deadline = System.nanoTime() + limit.toNanos();
    }

    /**
     * Takes a step.
     *
     * @param limit for this step; cut short by the deadline of all
     * @return succeeds when the step is done or given up
     */
    Future<Void> step(String name, Duration limit, Supplier<Future<?>> step) {
        long millis = Math.max(1, Math.min(limit.toMillis(), (deadline - System.nanoTime()) / 1_000_000));
        Promise<Void> taken = Promise.promise();
        Future.future(done -> step.get().onComplete(end -> done.handle(end.mapEmpty())))
                .onComplete(end -> taken.handle(end.mapEmpty()));
        return taken.future()
                .timeout(millis, TimeUnit.MILLISECONDS)
                .onFailure(failure -> LOG.warn("event=stop-incomplete step={} reason={}", name, failure.toString()))
                .otherwiseEmpty();
    }
}
