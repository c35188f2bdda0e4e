package io.tidegate.kind.deploy;

import io.tidegate.event.Draft;
import io.tidegate.event.loop.EventLoop;
import io.tidegate.journal.Appender;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Appends a run's lines to the journal in order. Lines that are queued during one append are written together in the
 * next. Owned by one event loop.
 *
 * <p>A failed append is retried with exponential backoff while the program runs; meanwhile, back-pressure blocks the
 * program's writes. After the deadline that is set by {@link #limitRetries}, lines that could not be committed are
 * dropped and counted.
 */
final class RunLog {

    private static final Logger LOG = LoggerFactory.getLogger(RunLog.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
    private static final Duration MAX_PAUSE = Duration.ofSeconds(2);

    private final Vertx vertx;
    private final String id;
    private final Appender appender;
    private final LineQueue lines;
    private final Promise<Void> drained = Promise.promise();
    private boolean committing;
    private boolean limited;
    private long deadline;
    private long lost;

    RunLog(Vertx vertx, EventLoop loop, Clock clock, String id) {
        this.vertx = vertx;
        this.id = id;
        this.appender = new Appender(vertx.eventBus());
        this.lines = new LineQueue(clock, () -> loop.run(this::commitQueued));
    }

    /** Returns the queue for the program's lines. The queue is thread-safe. */
    LineQueue lines() {
        return lines;
    }

    /**
     * Returns a future that completes when the queue has been closed and each of its lines has been committed or
     * dropped.
     */
    Future<Void> drained() {
        return drained.future();
    }

    /** Returns the number of lines that were dropped. */
    long lost() {
        return lost;
    }

    /** Limits retries of appends to this time from now, unless an earlier deadline has already been set. */
    void limitRetries(Duration limit) {
        long end = System.nanoTime() + limit.toNanos();
        deadline = limited && deadline - end < 0 ? deadline : end;
        limited = true;
    }

    /** Appends the drafts with retries. After the deadline, the future fails if {@link Appender#append(List)} does. */
    Future<Void> append(List<Draft> drafts) {
        return attempt(drafts, FIRST_PAUSE.toMillis());
    }

    private void commitQueued() {
        if (committing) {
            return;
        }
        List<LogLine> batch = lines.drain();
        if (batch.isEmpty()) {
            if (lines.exhausted()) {
                drained.tryComplete();
            }
            return;
        }
        committing = true;
        commit(batch).onComplete(ignored -> {
            committing = false;
            commitQueued();
        });
    }

    private Future<Void> commit(List<LogLine> batch) {
        if (lost > 0) {
            // Later lines are also dropped, because readers could not detect the gap before them.
            lost += batch.size();
            return Future.succeededFuture();
        }
        return append(batch.stream().map(line -> line.draft(id)).toList()).onFailure(refused -> {
            lost += batch.size();
            LOG.error(
                    "event=deploy-lines-lost deploy={} from={}",
                    id,
                    batch.get(0).number());
        });
    }

    private Future<Void> attempt(List<Draft> drafts, long pause) {
        return appender.append(drafts).<Void>mapEmpty().recover(refused -> {
            if (limited && System.nanoTime() - deadline >= 0) {
                return Future.failedFuture(refused);
            }
            LOG.warn("event=deploy-append-refused deploy={} retry_ms={}", id, pause);
            return vertx.timer(pause, TimeUnit.MILLISECONDS)
                    .compose(ignored -> attempt(drafts, Math.min(2 * pause, MAX_PAUSE.toMillis())));
        });
    }
}
