package io.tidegate.kind;

import io.tidegate.event.Event;
import io.tidegate.event.JsonText;
import io.tidegate.event.Kind;
import io.tidegate.event.bus.IdentityCodec;
import io.tidegate.event.loop.LoopVerticle;
import io.tidegate.journal.Appender;
import io.tidegate.journal.Journal;
import io.tidegate.problem.Code;
import io.tidegate.problem.Problem;
import io.tidegate.problem.ProblemException;
import io.vertx.core.Future;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the commands of one kind on one event loop. Commands for the same key run one after another, so that no decision
 * is based on outdated state. Commands for different keys run concurrently, so that they can share a commit.
 */
public class KindVerticle extends LoopVerticle {

    private static final Logger LOG = LoggerFactory.getLogger(KindVerticle.class);

    private final Kind kind;
    private final Rules rules;
    private final Journal journal;
    /** The waiting commands, grouped by key. Every key with a command in progress has an entry. */
    private final Map<String, Queue<Message<Command>>> waiting = new HashMap<>();

    public KindVerticle(Kind kind, Rules rules, Journal journal) {
        this.kind = kind;
        this.rules = rules;
        this.journal = journal;
    }

    /** Registers the codecs of commands and outcomes. Must be called once per bus. */
    public static void registerCodecs(EventBus bus) {
        IdentityCodec.register(bus, Command.class);
        IdentityCodec.register(bus, Outcome.Done.class);
        IdentityCodec.register(bus, Outcome.Refused.class);
    }

    @Override
    public Future<?> start() {
        return vertx.eventBus()
                .<Command>consumer(Command.address(kind), this::accept)
                .completion();
    }

    private void accept(Message<Command> message) {
        loop().assertHere();
        String key;
        try {
            key = rules.keyOf(message.body());
        } catch (RuntimeException failure) {
            message.reply(new Outcome.Refused(problem(failure)));
            return;
        }
        Queue<Message<Command>> behind = waiting.get(key);
        if (behind == null) {
            waiting.put(key, new ArrayDeque<>(0));
            run(message, key);
        } else {
            behind.add(message);
        }
    }

    private void run(Message<Command> message, String key) {
        Future.<Outcome>future(promise -> execute(message.body(), key).onComplete(promise))
                .otherwise(failure -> new Outcome.Refused(problem(failure)))
                .onSuccess(outcome -> {
                    message.reply(outcome);
                    runNext(key);
                });
    }

    private void runNext(String key) {
        Queue<Message<Command>> behind = waiting.get(key);
        Message<Command> next = behind == null ? null : behind.poll();
        if (next == null) {
            waiting.remove(key);
        } else {
            // The next command runs in a new task because commands without a commit complete immediately, and a long
            // queue of them must not lead to deep recursion.
            loop().run(() -> run(next, key));
        }
    }

    /**
     * Decides on a command and commits the decision. Overridden by kinds that do more than that, such as starting a
     * process.
     *
     * @throws ProblemException if the rules refuse the command
     */
    protected Future<Outcome> execute(Command command, String key) {
        Decision decision = rules.decide(
                command,
                key,
                journal.latest(kind, key)
                        .map(Event::data)
                        .filter(JsonText::isObject)
                        .map(JsonText::object));
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
