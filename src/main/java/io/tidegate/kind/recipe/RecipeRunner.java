package io.tidegate.kind.recipe;

import io.tidegate.event.loop.EventLoop;
import io.tidegate.kind.deploy.Deploy.Cause;
import io.tidegate.problem.Code;
import io.tidegate.problem.Problem;
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

/** The runs of this node, no more of them at a time than configured. Owned by one event loop. */
final class RecipeRunner {

    private static final Logger LOG = LoggerFactory.getLogger(RecipeRunner.class);
    /** How long the journal is asked for each run's last words when the node stops. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(3);
    /** How long a stop may take: the grace, the end by force, the clean-up and the last words. */
    private static final Duration LONGEST_STOP = Duration.ofSeconds(10);

    private final Vertx vertx;
    private final EventLoop loop;
    private final Clock clock;
    private int maxRuns;
    private final Path parent;
    private final Map<String, Run> runs = new HashMap<>();
    private boolean stopping;

    /** @param parent folder under which each run gets its directory */
    RecipeRunner(Vertx vertx, EventLoop loop, Clock clock, int maxRuns, Path parent) {
        this.vertx = vertx;
        this.loop = loop;
        this.clock = clock;
        this.maxRuns = maxRuns;
        this.parent = parent;
    }

    /** Goes on with this many at a time; what runs already is not ended. */
    void reconfigure(int given) {
        maxRuns = given;
    }

    /**
     * Takes a place among the runs, before the deploy is committed; to be followed by {@link Run#start} or
     * {@link Run#discard}.
     *
     * @throws io.tidegate.problem.ProblemException {@code too-many-runs}, {@code draining}, or {@code conflict} when a run
     *     of this id is still ending
     */
    Run reserve(String id) {
        if (stopping) {
            throw Problem.of(Code.DRAINING, "no deploy is started any more").toException();
        }
        if (runs.containsKey(id)) {
            throw Problem.of(Code.CONFLICT, "a deploy with this id exists").toException();
        }
        if (runs.size() >= maxRuns) {
            throw Problem.of(Code.TOO_MANY_RUNS, "at most " + maxRuns + " deploys run at the same time")
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

    /** Ends what a gateway that is gone left behind of a run: processes and directory. */
    Future<Void> clear(String id) {
        WorkingDirectory directory = directory(id);
        return vertx.executeBlocking(
                () -> {
                    if (!ProcessTree.leftOf(id, directory.path()).end()) {
                        LOG.warn("event=deploy-processes-left deploy={}", id);
                    }
                    directory.remove();
                    return null;
                },
                false);
    }

    /** Starts nothing more and ends all runs; completes when they have ended, or after some seconds. Never fails. */
    Future<Void> stop() {
        stopping = true;
        List<Run> ending = List.copyOf(runs.values());
        ending.forEach(run -> run.stop(Cause.SHUTDOWN, LAST_WORDS));
        return Future.join(ending.stream().map(Run::ended).toList())
                .timeout(LONGEST_STOP.toMillis(), TimeUnit.MILLISECONDS)
                .onFailure(failure -> LOG.warn("event=deploys-stop-incomplete runs={}", runs.size(), failure))
                .<Void>mapEmpty()
                .otherwiseEmpty();
    }
}
