package io.tidegate.adapter.watch;

import io.tidegate.adapter.watch.WatchMetrics.Outcome;
import io.tidegate.event.Draft;
import io.tidegate.event.loop.LoopVerticle;
import io.tidegate.journal.Journal;
import io.tidegate.proxy.origin.Origin;
import io.vertx.core.Future;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One watch: polls its origin, never twice at a time, and lets the {@link ChangeReconciler} tell what changed. Runs on a worker, one
 * step after the other, because lists may be long and secrets are in files.
 */
final class WatchVerticle extends LoopVerticle {

    private static final Logger LOG = LoggerFactory.getLogger(WatchVerticle.class);

    /** How often a watch that pauses looks for readers. */
    private static final long LOOK_NANOS = 1_000_000_000L;

    private final Watch watch;
    private final Origin origin;
    private final Journal journal;
    private final Clock clock;
    private final int maxMembers;
    private final WatchState state;
    private final BooleanSupplier read;
    private final WatchMetrics metrics;
    private final PollSchedule pace;
    private @Nullable ListFetcher poll;
    private @Nullable MessageConsumer<Draft> drafts;
    private boolean stopping;
    private long timer;

    /** @param read whether anybody reads what is watched */
    WatchVerticle(
            Watch watch,
            Origin origin,
            Journal journal,
            Clock clock,
            int maxMembers,
            WatchState state,
            BooleanSupplier read,
            WatchMetrics metrics) {
        this.watch = watch;
        this.origin = origin;
        this.journal = journal;
        this.clock = clock;
        this.maxMembers = maxMembers;
        this.state = state;
        this.read = read;
        this.metrics = metrics;
        this.pace = new PollSchedule(watch.every().toNanos(), System.nanoTime(), () -> ThreadLocalRandom.current()
                .nextDouble());
    }

    @Override
    public Future<?> start() {
        ListFetcher asking = new ListFetcher(vertx, watch, origin);
        ChangeReconciler telling = new ChangeReconciler(watch, journal, vertx, loop(), clock, maxMembers);
        poll = asking;
        MessageConsumer<Draft> consumer = vertx.eventBus()
                .consumer(Watches.address(watch.kind()), (Message<Draft> message) -> telling.tell(message.body())
                        .onSuccess(message::reply)
                        .onFailure(failure -> message.fail(0, failure.getMessage())));
        drafts = consumer;
        tick(asking, telling);
        return consumer.completion();
    }

    @Override
    public Future<?> stop() {
        stopping = true;
        vertx.cancelTimer(timer);
        Future<Void> closed = poll == null ? Future.succeededFuture() : poll.close();
        Future<Void> unregistered = drafts == null ? Future.succeededFuture() : drafts.unregister();
        return Future.join(closed, unregistered).otherwiseEmpty();
    }

    private void tick(ListFetcher asking, ChangeReconciler telling) {
        if (watch.pauseWhenUnread() && !read.getAsBoolean()) {
            state.paused();
            again(Math.min(LOOK_NANOS, pace.afterSuccess(System.nanoTime())), asking, telling);
            return;
        }
        Future.<Outcome>future(done -> once(asking, telling).onComplete(done)).onComplete(ended -> {
            if (stopping) {
                return;
            }
            if (ended.succeeded()) {
                succeeded(ended.result());
                again(pace.afterSuccess(System.nanoTime()), asking, telling);
            } else {
                failed(ended.cause());
                again(pace.afterFailure(), asking, telling);
            }
        });
    }

    /** The position comes before the question: what is told after it may be newer than the answer. */
    private Future<Outcome> once(ListFetcher asking, ChangeReconciler telling) {
        ChangeReconciler.Question question = telling.question();
        return asking.ask(question.validators())
                .compose(answer ->
                        stopping ? Future.failedFuture("the watch has ended") : telling.settle(question, answer));
    }

    private void again(long nanos, ListFetcher asking, ChangeReconciler telling) {
        timer = vertx.setTimer(Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos)), due -> tick(asking, telling));
    }

    private void succeeded(Outcome outcome) {
        if (pace.failures() > 0) {
            LOG.info("event=watch-again kind={} failures={}", watch.kind().plural(), pace.failures());
        }
        state.confirmed();
        metrics.polled(watch.kind(), outcome);
    }

    /** Said once: an origin that is away for a day fills no log. */
    private void failed(Throwable failure) {
        if (pace.failures() == 0) {
            LOG.warn(
                    "event=watch-failing kind={} origin={} path={} reason=\"{}\"",
                    watch.kind().plural(),
                    watch.origin(),
                    watch.path(),
                    Optional.ofNullable(failure.getMessage()).orElse(failure.toString()));
        }
        state.failed();
        metrics.polled(watch.kind(), Outcome.FAILED);
    }
}
