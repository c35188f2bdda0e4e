package io.tidegate.kind.deploy;

import io.tidegate.event.Event;
import io.tidegate.event.Kind;
import io.tidegate.journal.Appender;
import io.tidegate.journal.Journal;
import io.tidegate.kind.Command;
import io.tidegate.kind.KindVerticle;
import io.tidegate.kind.Outcome;
import io.tidegate.kind.deploy.Deploy.Cause;
import io.tidegate.problem.Code;
import io.tidegate.problem.Problem;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Handles deploy commands, and runs recipes as child processes. Must be deployed after the
 * {@link io.tidegate.journal.writer.JournalVerticle} and undeployed before it, because it kills the child processes and
 * commits their last status when it stops. Runs on one event loop.
 */
public final class DeployVerticle extends KindVerticle {

    private static final Logger LOG = LoggerFactory.getLogger(DeployVerticle.class);
    /** How long a cancellation waits for the run to end before it responds with 202 (Accepted), in milliseconds. */
    private static final long CANCEL_WAIT_MS = 5_000;

    private final Journal journal;
    private final DeployRules rules;
    private final Path parent;
    private DeployOptions options;
    private final Clock clock;
    private @Nullable RecipeRunner runner;

    /**
     * Creates a verticle that has not started.
     *
     * @param data the gateway's data folder, to which {@code options.directory()} is relative
     */
    public DeployVerticle(Journal journal, DeployOptions options, Path data, Clock clock) {
        this(journal, options, data, clock, new DeployIds(clock, new SecureRandom()));
    }

    DeployVerticle(Journal journal, DeployOptions options, Path data, Clock clock, Supplier<String> ids) {
        this(journal, options, data, clock, new DeployRules(options.recipes().keySet(), ids, clock));
    }

    private DeployVerticle(Journal journal, DeployOptions options, Path data, Clock clock, DeployRules rules) {
        super(Kind.DEPLOYS, rules, journal);
        this.rules = rules;
        this.journal = journal;
        this.options = options;
        this.parent = data.resolve(options.directory());
        this.clock = clock;
    }

    @Override
    public Future<?> start() {
        runner = new RecipeRunner(vertx, loop(), clock, options.maxRuns(), parent);
        return closeInterrupted().transform(ignored -> super.start().mapEmpty());
    }

    @Override
    public Future<?> stop() {
        return runner().stop();
    }

    /**
     * Applies new recipes and a new limit on concurrent runs. The folder of the runs does not change, and runs in
     * progress are not affected. Thread-safe.
     *
     * @return a future that completes when new commands use these options
     */
    public Future<Void> reconfigure(DeployOptions given) {
        return loop().call(() -> {
            options = given;
            rules.reconfigure(given.recipes().keySet());
            runner().reconfigure(given.maxRuns());
            return null;
        });
    }

    /**
     * Ends all runs and refuses new ones. Other commands are still handled. Thread-safe.
     *
     * @return a future that completes when the last status of each run has been committed, or after a timeout of
     *     several seconds
     */
    public Future<Void> endRuns() {
        return loop().call(runner()::stop).compose(stopped -> stopped);
    }

    @Override
    protected Future<Outcome> execute(Command command, String key) {
        return switch (command.verb()) {
            case CREATE -> create(command, key);
            case DELETE -> runner().find(key).map(run -> cancel(run, key)).orElseGet(() -> super.execute(command, key));
            default -> super.execute(command, key);
        };
    }

    private Future<Outcome> create(Command command, String key) {
        Recipe recipe = command.body().getValue("recipe") instanceof String name
                ? options.recipes().get(name)
                : null;
        if (recipe == null || journal.latest(Kind.DEPLOYS, key).isPresent()) {
            return super.execute(command, key);
        }
        Run run = runner().reserve(key);
        return Future.<Outcome>future(promise -> super.execute(command, key).onComplete(promise))
                .onSuccess(outcome -> begin(run, outcome, recipe))
                .onFailure(refused -> run.discard());
    }

    private void begin(Run run, Outcome outcome, Recipe recipe) {
        if (outcome instanceof Outcome.Done done) {
            run.start(new Deploy(done.body()), recipe, runner().directory(done.key()));
        } else {
            run.discard();
        }
    }

    private Future<Outcome> cancel(Run run, String key) {
        run.stop(Cause.REQUEST);
        return run.ended()
                .timeout(CANCEL_WAIT_MS, TimeUnit.MILLISECONDS)
                .map(deploy -> cancelled(deploy, key))
                .recover(failure -> failure instanceof TimeoutException
                        ? Future.succeededFuture(accepted(key))
                        : Future.failedFuture(failure));
    }

    private Outcome cancelled(Deploy deploy, String key) {
        return deploy.endedBy(Cause.REQUEST)
                ? new Outcome.Done(200, key, deploy.json(), journal.head(), Optional.empty())
                : new Outcome.Refused(Problem.of(Code.CONFLICT, "the deploy has already finished"));
    }

    private Outcome accepted(String key) {
        return journal.latest(Kind.DEPLOYS, key)
                .<Outcome>map(
                        event -> new Outcome.Done(202, key, event.data().object(), journal.head(), Optional.empty()))
                .orElseGet(() -> new Outcome.Refused(Problem.of(Code.NOT_FOUND, "there is no such deploy")));
    }

    /**
     * Concludes the runs that are still running according to the journal. They were interrupted when the previous
     * gateway process ended. Events are skipped if they were published to a deploy's topic but do not describe a run of
     * the gateway.
     */
    private Future<Void> closeInterrupted() {
        List<Future<Void>> closing = new ArrayList<>();
        for (Event event : journal.latest(Kind.DEPLOYS).events()) {
            String id = event.key().orElse("");
            if (Deploy.isId(id)
                    && event.topic().equals(Kind.DEPLOYS.topicOf(id))
                    && event.data().isObject()) {
                Deploy deploy = new Deploy(event.data().object());
                if (deploy.byRecipe()
                        && deploy.running()
                        && id.equals(deploy.json().getValue("id"))) {
                    closing.add(closeInterrupted(id, deploy));
                }
            }
        }
        return Future.join(closing).<Void>mapEmpty().otherwiseEmpty();
    }

    private Future<Void> closeInterrupted(String id, Deploy deploy) {
        return runner().clear(id)
                .otherwiseEmpty()
                .compose(ignored -> new Appender(vertx.eventBus())
                        .append(deploy.ended(Cause.INTERRUPTED, clock.instant()).statusDraft()))
                .onFailure(failure -> LOG.warn("event=deploy-not-closed deploy={}", id, failure))
                .mapEmpty();
    }

    private RecipeRunner runner() {
        if (runner == null) {
            throw new IllegalStateException("not started");
        }
        return runner;
    }
}
