package io.tidegate.kind.deploy;

import io.tidegate.event.loop.EventLoop;
import io.tidegate.kind.deploy.Deploy.Cause;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A run of a recipe, from its reservation until its last status, which follows its last line, has been committed to the
 * journal. Owned by one event loop.
 */
final class Run {

    private static final Logger LOG = LoggerFactory.getLogger(Run.class);
    /** How long appends are retried after the program has ended. */
    private static final Duration APPEND_LIMIT = Duration.ofSeconds(30);

    private final Vertx vertx;
    private final EventLoop loop;
    private final Clock clock;
    private final String id;
    private final RunLog log;
    private final Promise<Deploy> ended = Promise.promise();
    private @Nullable Child child;
    private @Nullable Cause stopped;

    Run(Vertx vertx, EventLoop loop, Clock clock, String id) {
        this.vertx = vertx;
        this.loop = loop;
        this.clock = clock;
        this.id = id;
        this.log = new RunLog(vertx, loop, clock, id);
    }

    /**
     * Returns a future that completes with the final deploy. It fails if the last status could not be committed or if
     * the run was discarded.
     */
    Future<Deploy> ended() {
        return ended.future();
    }

    void start(Deploy deploy, Recipe recipe, WorkingDirectory directory) {
        launch(recipe, directory)
                .compose(started -> monitor(started, recipe.timeLimit()))
                .map(Optional::of)
                .otherwise(this::withoutExit)
                .compose(code -> log.drained().compose(ignored -> conclude(deploy, code)))
                .onComplete(ended);
    }

    /**
     * Kills the program. {@link #ended} completes when the run is over. Only the cause given in the first call is
     * recorded.
     */
    void stop(Cause cause) {
        if (stopped == null) {
            stopped = cause;
            if (child != null) {
                child.end(vertx);
            }
        }
    }

    /** Does the same as {@link #stop(Cause)}, and limits retries of appends to this time from now. */
    void stop(Cause cause, Duration limit) {
        log.limitRetries(limit);
        stop(cause);
    }

    /** Cancels the reservation of a run whose deploy was not committed. */
    void discard() {
        ended.tryFail("never began");
    }

    private Future<Child> launch(Recipe recipe, WorkingDirectory directory) {
        return stopped == null
                ? vertx.executeBlocking(() -> Child.start(recipe, id, directory, log.lines()), false)
                : Future.failedFuture("stopped before it started");
    }

    private Future<Integer> monitor(Child started, Duration timeLimit) {
        child = started;
        if (stopped != null) {
            started.end(vertx);
        }
        long timer = vertx.setTimer(Math.max(1, timeLimit.toMillis()), ignored -> stop(Cause.TIME_LIMIT));
        return started.ended(vertx, loop).onComplete(ignored -> {
            vertx.cancelTimer(timer);
            log.limitRetries(APPEND_LIMIT);
        });
    }

    private Optional<Integer> withoutExit(Throwable failure) {
        if (stopped == null || child != null) {
            LOG.error("event=deploy-without-exit deploy={}", id, failure);
        }
        stop(child == null ? Cause.NOT_STARTED : Cause.INTERRUPTED);
        log.limitRetries(APPEND_LIMIT);
        log.lines().close();
        return Optional.empty();
    }

    private Future<Deploy> conclude(Deploy deploy, Optional<Integer> code) {
        Deploy last = code.map(value -> deploy.exited(value, clock.instant())).orElse(deploy);
        if (stopped != null) {
            last = last.ended(stopped, clock.instant());
        }
        if (log.lost() > 0) {
            last = last.with(new JsonObject().put("lost_lines", log.lost()));
        }
        Deploy result = last;
        return log.append(List.of(result.statusDraft())).map(result);
    }
}
