package io.tidegate.kind;

import static io.tidegate.kind.Gateway.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.event.Kind;
import io.tidegate.event.Verb;
import io.tidegate.journal.AppendBatch;
import io.tidegate.journal.Durability;
import io.tidegate.problem.Code;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
class KindVerticleTest {

    private final GatedJournal journal = new GatedJournal();
    private Gateway gateway;

    @BeforeEach
    void createASession(Vertx vertx) {
        gateway = new Gateway(
                vertx,
                journal,
                Gateway.plain(Kind.SESSIONS, journal, Clock.systemUTC()),
                new KindVerticle(Kind.OTHER, new BrokenRules(), journal));
        done(sessions(Verb.CREATE, "", new JsonObject().put("id", "s")));
    }

    @Test
    void aThousandConcurrentPatchesOfOneKeyLoseNothing() {
        List<Future<Outcome>> outcomes = IntStream.range(0, 1000)
                .mapToObj(i -> sessions(Verb.PATCH, "s", new JsonObject().put("n" + i, i)))
                .toList();

        List<Outcome.Done> done = outcomes.stream().map(this::done).toList();

        JsonObject last = done.get(999).body();
        IntStream.range(0, 1000).forEach(i -> assertEquals(i, last.getInteger("n" + i)));
        assertEquals(1001, journal.head().offset());
        assertEquals(journal.head(), done.get(999).cursor());
        assertEquals(
                last, journal.latest(Kind.SESSIONS, "s").orElseThrow().data().object());
    }

    @Test
    void commandsForDifferentKeysShareACommit() throws InterruptedException {
        Promise<Void> gate = journal.hold();
        int before = journal.commits.get();
        CountDownLatch queued = new CountDownLatch(101);
        gateway.vertx.eventBus().<Object>addInboundInterceptor(delivery -> {
            if (delivery.message().address().equals(AppendBatch.ADDRESS)) {
                queued.countDown();
            }
            delivery.next();
        });

        List<Future<Outcome>> outcomes = IntStream.range(0, 101)
                .mapToObj(i -> sessions(Verb.CREATE, "", new JsonObject().put("id", "k" + i)))
                .toList();
        assertTrue(queued.await(20, TimeUnit.SECONDS));
        gate.complete();

        outcomes.forEach(this::done);
        int commits = journal.commits.get() - before;
        // There is one commit for the commands that arrived before it began, and one for those that arrived while it
        // was delayed.
        assertTrue(commits <= 2, commits + " commits");
    }

    @Test
    void commandsThatChangeNothingMayWaitInAnyNumber() {
        Promise<Void> gate = journal.hold();
        Future<Outcome> first = sessions(Verb.PATCH, "s", new JsonObject().put("a", 1));
        List<Future<Outcome>> rest = IntStream.range(0, 20_000)
                .mapToObj(i -> sessions(Verb.PATCH, "s", new JsonObject().put("a", 1)))
                .toList();
        gate.complete();

        assertEquals(2, done(first).cursor().offset());
        for (Future<Outcome> outcome : rest) {
            Outcome.Done done = done(outcome);
            assertEquals(2, done.cursor().offset());
            assertEquals(Optional.empty(), done.durability());
        }
    }

    @Test
    void whatTheJournalDidNotTakeIsRefusedAndTheNextCommandWorks() {
        journal.failing = true;
        List<Future<Outcome>> lost = IntStream.range(0, 3)
                .mapToObj(i -> sessions(Verb.PATCH, "s", new JsonObject().put("lost", i)))
                .toList();
        lost.forEach(outcome -> assertEquals(Code.STORAGE_UNAVAILABLE, refused(outcome)));

        journal.failing = false;
        Outcome.Done done = done(sessions(Verb.PATCH, "s", new JsonObject().put("kept", true)));
        assertTrue(done.body().getBoolean("kept"));
        assertTrue(!done.body().containsKey("lost"));
        assertEquals(Optional.of(Durability.MEMORY), done.durability());
    }

    @Test
    void aRefusedCommandDoesNotStopThoseBehindIt() {
        Promise<Void> gate = journal.hold();
        Future<Outcome> ending = sessions(Verb.DELETE, "s", new JsonObject());
        Future<Outcome> late = sessions(Verb.PATCH, "s", new JsonObject().put("a", 1));
        Future<Outcome> again = sessions(Verb.CREATE, "", new JsonObject().put("id", "s"));
        gate.complete();

        done(ending);
        assertEquals(Code.NOT_FOUND, refused(late));
        assertEquals(201, done(again).status());
    }

    @Test
    void aDefectInTheRulesIsAnOutcomeToo() {
        assertEquals(Code.INTERNAL, refused(broken("key")));
        assertEquals(Code.INTERNAL, refused(broken("decide")));
        assertEquals(Code.INTERNAL, refused(broken("decide")));
    }

    private Future<Outcome> sessions(Verb verb, String key, JsonObject body) {
        return gateway.command(Command.address(Kind.SESSIONS), new Command(verb, key, body));
    }

    private Future<Outcome> broken(String key) {
        return gateway.command(Command.address(Kind.OTHER), new Command(Verb.PUT, key, new JsonObject()));
    }

    private Outcome.Done done(Future<Outcome> outcome) {
        return assertInstanceOf(Outcome.Done.class, await(outcome));
    }

    private Code refused(Future<Outcome> outcome) {
        return assertInstanceOf(Outcome.Refused.class, await(outcome)).problem().code();
    }

    /** Fails in each step of the rules. */
    private static final class BrokenRules implements Rules {

        @Override
        public String keyOf(Command command) {
            if (command.key().equals("key")) {
                throw new IllegalStateException("a defect");
            }
            return command.key();
        }

        @Override
        public Decision decide(Command command, String key, Optional<JsonObject> current) {
            throw new IllegalStateException("a defect");
        }
    }
}
