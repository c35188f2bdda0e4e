package io.tidegate.kind.deploy;

import io.tidegate.event.loop.EventLoop;
import io.tidegate.kind.deploy.Deploy.Cause;
import io.tidegate.problem.Code;
import io.tidegate.problem.Problem;
import io.tidegate.problem.ProblemException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Manages the runs of this node and limits how many there are at the same time. Owned by one event loop. */
final class RecipeRunner {

    private static final Logger LOG = LoggerFactory.getLogger(RecipeRunner.class);
    /** How long the last appends of a run are retried when the node stops. */
    private static final Duration FINAL_APPENDS = Duration.ofSeconds(3);
    /** The time limit for stopping all runs, which includes SIGTERM, SIGKILL, the cleanup and the last appends. */
    private static final Duration MAX_STOP = Duration.ofSeconds(10);

    private final Vertx vertx;
    private final EventLoop loop;
    private final Clock clock;
    private int maxRuns;
    private final Path parent;
    private final Map<String, Run> runs = new HashMap<>();
    private boolean stopping;

    /**
     * Creates a runner that has no active runs.
     *
     * @param parent the folder that contains the working directories of the runs
     */
    RecipeRunner(Vertx vertx, EventLoop loop, Clock clock, int maxRuns, Path parent) {
        this.vertx = vertx;
        this.loop = loop;
        this.clock = clock;
        this.maxRuns = maxRuns;
        this.parent = parent;
    }

    /** Changes the maximum number of concurrent runs. Runs in progress are not ended. */
    void reconfigure(int given) {
        maxRuns = given;
    }

    /**
     * Reserves a run before its deploy is committed. The caller must then call {@link Run#start} or
     * {@link Run#discard}.
     *
     * @throws ProblemException with the code {@code too-many-runs}; {@code draining} if the node is shutting down; or
     *     {@code conflict} if a run with this ID has not ended
     */
    Run reserve(String id) {
        if (stopping) {
            throw Problem.of(Code.DRAINING, "the node is shutting down and does not start deploys")
                    .toException();
        }
        if (runs.containsKey(id)) {
            throw Problem.of(Code.CONFLICT, "a deploy with this id already exists")
                    .toException();
        }
        if (runs.size() >= maxRuns) {
            throw Problem.of(Code.TOO_MANY_RUNS, "at most " + maxRuns + " deploys can run at the same time")
                    .toException();
        }
        Run run = new Run(vertx, loop, clock, id);
        runs.put(id, run);
        run.ended().onComplete(ignored -> runs.remove(id));
        return run;
    }

    Optional<Run> find(String id) {
        return Optional.ofNullable(runs.get(id));
    }

    WorkingDirectory directory(String id) {
        return WorkingDirectory.of(parent, id);
    }

    /** Kills the processes and removes the directory of a run that was left behind by an earlier gateway process. */
    Future<Void> clear(String id) {
        WorkingDirectory directory = directory(id);
        return vertx.executeBlocking(
                () -> {
                    if (!ProcessTree.leftBehind(id, directory.path()).end()) {
                        LOG.warn("event=deploy-processes-left deploy={}", id);
                    }
                    directory.remove();
                    return null;
                },
                false);
    }

    /**
     * Ends all runs and refuses new ones. The future completes when all runs have ended or after {@link #MAX_STOP}. It
     * never fails.
     */
    Future<Void> stop() {
        stopping = true;
        List<Run> ending = List.copyOf(runs.values());
        ending.forEach(run -> run.stop(Cause.SHUTDOWN, FINAL_APPENDS));
        return Future.join(ending.stream().map(Run::ended).toList())
                .timeout(MAX_STOP.toMillis(), TimeUnit.MILLISECONDS)
                .onFailure(failure -> LOG.warn("event=deploys-stop-incomplete runs={}", runs.size(), failure))
                .<Void>mapEmpty()
                .otherwiseEmpty();
    }
}
