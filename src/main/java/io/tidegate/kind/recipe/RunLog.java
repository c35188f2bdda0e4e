package io.tidegate.kind.recipe;

import io.tidegate.event.Draft;
import io.tidegate.event.loop.EventLoop;
import io.tidegate.journal.Appender;
import io.tidegate.kind.deploy.LogLine;
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
 * Brings one run's lines into the journal, in order: what piled up while an append was under way is the next append.
 * Owned by one event loop.
 *
 * <p>An append that the journal refuses is tried again, with pauses that double, for as long as the program runs; the
 * program meanwhile waits in its own writes. After {@link #hurry} this is bounded: then the lines that could not be
 * committed are given up, and counted.
 */
final class RunLog {

    private static final Logger LOG = LoggerFactory.getLogger(RunLog.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

    private final Vertx vertx;
    private final String id;
    private final Appender appender;
    private final LineQueue lines;
    private final Promise<Void> drained = Promise.promise();
    private boolean committing;
    private boolean hurried;
    private long deadline;
    private long lost;

    RunLog(Vertx vertx, EventLoop loop, Clock clock, String id) {
        this.vertx = vertx;
        this.id = id;
        this.appender = new Appender(vertx.eventBus());
        this.lines = new LineQueue(clock, () -> loop.run(this::commitPiledUp));
    }

    /** Where the program's lines go in, from any thread. */
    LineQueue lines() {
        return lines;
    }

    /** Completes when the queue is closed and each of its lines is committed or given up. */
    Future<Void> drained() {
        return drained.future();
    }

    /** How many lines were given up. */
    long lost() {
        return lost;
    }

    /** From now on an append is tried for no longer than this. */
    void hurry(Duration patience) {
        long end = System.nanoTime() + patience.toNanos();
        deadline = hurried && deadline - end < 0 ? deadline : end;
        hurried = true;
    }

    /** Commits the drafts, however often that has to be tried; fails as {@link Appender#append(List)} does. */
    Future<Void> append(List<Draft> drafts) {
        return attempt(drafts, FIRST_PAUSE.toMillis());
    }

    private void commitPiledUp() {
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
            commitPiledUp();
        });
    }

    private Future<Void> commit(List<LogLine> batch) {
        if (lost > 0) {
            // Later lines would stand after a hole that no reader could see.
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
            if (hurried && System.nanoTime() - deadline >= 0) {
                return Future.failedFuture(refused);
            }
            LOG.warn("event=deploy-append-refused deploy={} retry_ms={}", id, pause);
            return vertx.timer(pause, TimeUnit.MILLISECONDS)
                    .compose(ignored -> attempt(drafts, Math.min(2 * pause, LONGEST_PAUSE.toMillis())));
        });
    }
}
