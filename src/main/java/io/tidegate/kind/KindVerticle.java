package io.tidegate.kind;

import io.tidegate.event.IdentityCodec;
import io.tidegate.event.Kind;
import io.tidegate.journal.Appender;
import io.tidegate.journal.Journal;
import io.tidegate.problem.Code;
import io.tidegate.problem.Problem;
import io.tidegate.problem.ProblemException;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the commands of one kind on one event loop. Commands for the same key wait for each other, so that none decides
 * on a state that is about to change; those for different keys do not, so that they share a commit.
 */
public abstract class KindVerticle extends AbstractVerticle {

    private static final Logger LOG = LoggerFactory.getLogger(KindVerticle.class);

    private final Kind kind;
    private final Rules rules;
    private final Journal journal;
    /** The last command of each key that has one under way. */
    private final Map<String, Future<Outcome>> tails = new HashMap<>();

    protected KindVerticle(Kind kind, Rules rules, Journal journal) {
        this.kind = kind;
        this.rules = rules;
        this.journal = journal;
    }

    /** Lets the bus carry commands and outcomes; called once per bus. */
    public static void registerCodecs(EventBus bus) {
        IdentityCodec.register(bus, Command.class);
        IdentityCodec.register(bus, Outcome.Done.class);
        IdentityCodec.register(bus, Outcome.Refused.class);
    }

    @Override
    public void start(Promise<Void> started) {
        vertx.eventBus()
                .<Command>consumer(Command.address(kind), this::accept)
                .completion()
                .onComplete(started);
    }

    private void accept(Message<Command> message) {
        Command command = message.body();
        String key;
        try {
            key = rules.keyOf(command);
        } catch (ProblemException refused) {
            message.reply(new Outcome.Refused(refused.problem()));
            return;
        }
        Future<Outcome> before = tails.get(key);
        Future<Outcome> run = before == null ? run(command, key) : before.compose(ignored -> run(command, key));
        tails.put(key, run);
        run.onComplete(done -> {
            tails.remove(key, run);
            message.reply(done.result());
        });
    }

    /** Never fails: what goes wrong is an outcome. */
    private Future<Outcome> run(Command command, String key) {
        return Future.<Outcome>future(promise -> execute(command, key).onComplete(promise))
                .recover(failure -> Future.succeededFuture(new Outcome.Refused(problem(failure))));
    }

    /**
     * Decides on one command and commits what was decided. A kind that does more than that, such as starting a process,
     * does it here.
     *
     * @throws ProblemException when the rules refuse
     */
    protected Future<Outcome> execute(Command command, String key) {
        Decision decision = rules.decide(command, key, journal.latest(kind, key).map(event -> event.data()
                .object()));
        if (decision.drafts().isEmpty()) {
            return Future.succeededFuture(
                    new Outcome.Done(decision.status(), key, decision.body(), journal.head(), Optional.empty()));
        }
        return new Appender(vertx.eventBus())
                .append(decision.drafts())
                .map(receipt -> new Outcome.Done(
                        decision.status(), key, decision.body(), receipt.cursor(), Optional.of(receipt.durability())));
    }

    private Problem problem(Throwable failure) {
        if (failure instanceof ProblemException refused) {
            return refused.problem();
        }
        LOG.error("event=command-failed kind={}", kind.plural(), failure);
        return Problem.of(Code.INTERNAL, "the command failed");
    }
}
