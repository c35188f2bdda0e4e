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
 * Runs one watch: polls the origin, one request at a time, and passes each list to the {@link ChangeReconciler}.
 * Deployed as a worker verticle, so its tasks run one at a time and off the event loops, because lists may be long and
 * secrets are read from files.
 */
final class WatchVerticle extends LoopVerticle {

    private static final Logger LOG = LoggerFactory.getLogger(WatchVerticle.class);

    /** The interval at which a paused watch checks for readers. */
    private static final long READER_CHECK_NANOS = 1_000_000_000L;

    private final Watch watch;
    private final Origin origin;
    private final Journal journal;
    private final Clock clock;
    private final int maxMembers;
    private final WatchState state;
    private final BooleanSupplier read;
    private final WatchMetrics metrics;
    private final PollSchedule schedule;
    private @Nullable ListFetcher currentFetcher;
    private @Nullable MessageConsumer<Draft> drafts;
    private boolean stopping;
    private long timer;

    /**
     * Creates a watch.
     *
     * @param read a function that returns whether any client is reading the kind
     */
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
        this.schedule = new PollSchedule(watch.every().toNanos(), System.nanoTime(), () -> ThreadLocalRandom.current()
                .nextDouble());
    }

    @Override
    public Future<?> start() {
        ListFetcher fetcher = new ListFetcher(vertx, watch, origin);
        ChangeReconciler reconciler = new ChangeReconciler(watch, journal, vertx, loop(), clock, maxMembers);
        currentFetcher = fetcher;
        MessageConsumer<Draft> consumer = vertx.eventBus()
                .consumer(Watches.address(watch.kind()), (Message<Draft> message) -> reconciler
                        .submit(message.body())
                        .onSuccess(message::reply)
                        .onFailure(failure -> message.fail(0, failure.getMessage())));
        drafts = consumer;
        tick(fetcher, reconciler);
        return consumer.completion();
    }

    @Override
    public Future<?> stop() {
        stopping = true;
        vertx.cancelTimer(timer);
        Future<Void> closed = currentFetcher == null ? Future.succeededFuture() : currentFetcher.close();
        Future<Void> unregistered = drafts == null ? Future.succeededFuture() : drafts.unregister();
        return Future.join(closed, unregistered).otherwiseEmpty();
    }

    private void tick(ListFetcher fetcher, ChangeReconciler reconciler) {
        if (watch.pauseWhenUnread() && !read.getAsBoolean()) {
            state.paused();
            scheduleNext(Math.min(READER_CHECK_NANOS, schedule.afterSuccess(System.nanoTime())), fetcher, reconciler);
            return;
        }
        Future.<Outcome>future(done -> poll(fetcher, reconciler).onComplete(done))
                .onComplete(ended -> {
                    if (stopping) {
                        return;
                    }
                    if (ended.succeeded()) {
                        succeeded(ended.result());
                        scheduleNext(schedule.afterSuccess(System.nanoTime()), fetcher, reconciler);
                    } else {
                        failed(ended.cause());
                        scheduleNext(schedule.afterFailure(), fetcher, reconciler);
                    }
                });
    }

    /**
     * Polls once. The journal's position is obtained before the request, because later events may be newer than the
     * response.
     */
    private Future<Outcome> poll(ListFetcher fetcher, ChangeReconciler reconciler) {
        ChangeReconciler.Question question = reconciler.question();
        return fetcher.fetch(question.validators())
                .compose(response ->
                        stopping ? Future.failedFuture("the watch has ended") : reconciler.settle(question, response));
    }

    private void scheduleNext(long nanos, ListFetcher fetcher, ChangeReconciler reconciler) {
        timer = vertx.setTimer(Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos)), due -> tick(fetcher, reconciler));
    }

    private void succeeded(Outcome outcome) {
        if (schedule.failures() > 0) {
            LOG.info("event=watch-again kind={} failures={}", watch.kind().plural(), schedule.failures());
        }
        state.confirmed();
        metrics.polled(watch.kind(), outcome);
    }

    /**
     * Logs only the first of several consecutive failures, so that an origin that is down for a day does not fill the
     * log.
     */
    private void failed(Throwable failure) {
        if (schedule.failures() == 0) {
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
