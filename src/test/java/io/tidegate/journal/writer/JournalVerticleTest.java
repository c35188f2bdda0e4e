package io.tidegate.journal.writer;

import static io.tidegate.journal.Journaling.PLENTY;
import static io.tidegate.journal.Journaling.await;
import static io.tidegate.journal.Journaling.data;
import static io.tidegate.journal.Journaling.draft;
import static io.tidegate.journal.Journaling.keep;
import static io.tidegate.journal.Journaling.topics;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidegate.event.Event;
import io.tidegate.event.Kind;
import io.tidegate.event.bus.Batch;
import io.tidegate.fixture.ForwardingJournal;
import io.tidegate.journal.Append;
import io.tidegate.journal.Appender;
import io.tidegate.journal.Durability;
import io.tidegate.journal.Journal;
import io.tidegate.journal.JournalException;
import io.tidegate.journal.Journaling;
import io.tidegate.journal.Receipt;
import io.tidegate.journal.history.Idempotency;
import io.tidegate.journal.history.JournalOptions;
import io.tidegate.journal.memory.MemoryJournal;
import io.tidegate.node.JournalFactory;
import io.tidegate.problem.Code;
import io.tidegate.problem.ProblemException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import io.vertx.junit5.VertxTestContext;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(VertxExtension.class)
class JournalVerticleTest {

    private static final long QUEUED = 100_000;

    private final MeterRegistry registry = new SimpleMeterRegistry();
    private Vertx vertx;
    private Appender appender;

    @BeforeEach
    void codecs(Vertx vertx) {
        this.vertx = vertx;
        appender = new Appender(vertx.eventBus());
        JournalVerticle.registerCodecs(vertx.eventBus());
    }

    private String deploy(Journal journal) {
        return await(vertx.deployVerticle(new JournalVerticle(journal, QUEUED, registry)));
    }

    private BlockingQueue<Batch> consumer() {
        BlockingQueue<Batch> batches = new LinkedBlockingQueue<>();
        await(vertx.eventBus()
                .<Batch>consumer(Batch.ADDRESS, message -> batches.add(message.body()))
                .completion());
        return batches;
    }

    private static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
        T value = queue.poll(20, TimeUnit.SECONDS);
        assertTrue(value != null, "nothing arrived");
        return value;
    }

    private static MemoryJournal memory() {
        return new MemoryJournal(Clock.systemUTC(), Map.of());
    }

    @Test
    void everyConsumerReceivesTheIdenticalEvents() throws Exception {
        deploy(memory());
        BlockingQueue<Batch> one = consumer();
        BlockingQueue<Batch> other = consumer();
        Receipt receipt = await(
                appender.append(List.of(draft("sessions/1", "1"), draft("deploys/1", "2"), draft("instances", "3"))));
        Batch batch = next(one);
        assertSame(batch, next(other));
        assertEquals(receipt.events(), batch.events());
        for (int i = 0; i < receipt.events().size(); i++) {
            assertSame(receipt.events().get(i), batch.events().get(i));
        }
    }

    @Test
    void nothingIsAcknowledgedOrDeliveredBeforeItsCommit() throws Exception {
        HeldBack journal = new HeldBack(memory());
        deploy(journal);
        BlockingQueue<Batch> batches = consumer();
        Future<Receipt> append = appender.append(draft("a", "1"));
        Promise<Void> commit = next(journal.commits);
        journal.letTheVerticleRun();
        assertFalse(append.isComplete());
        assertTrue(batches.isEmpty());
        assertEquals(0, journal.head().offset());

        commit.complete();
        assertEquals(1, await(append).cursor().offset());
        assertEquals(1, next(batches).events().size());
    }

    @Test
    void whatQueuedDuringACommitSharesTheNextAndIsOneBatch() throws Exception {
        HeldBack journal = new HeldBack(memory());
        deploy(journal);
        BlockingQueue<Batch> batches = consumer();
        Future<Receipt> first = appender.append(draft("a", "0"));
        Promise<Void> firstCommit = next(journal.commits);
        List<Future<Receipt>> others = IntStream.rangeClosed(1, 64)
                .mapToObj(i -> appender.append(draft("a", Integer.toString(i))))
                .toList();
        journal.letTheVerticleRun();
        firstCommit.complete();
        await(first);
        next(journal.commits).complete();
        for (int i = 0; i < others.size(); i++) {
            assertEquals(i + 2, await(others.get(i)).cursor().offset());
        }
        assertEquals(1, next(batches).events().size());
        assertEquals(64, next(batches).events().size());
        journal.letTheVerticleRun();
        assertEquals(2, acknowledged().count());
        assertTrue(acknowledged().totalTime(TimeUnit.NANOSECONDS) > 0);
    }

    @Test
    void aFailedCommitRefusesAllThatSharedItAndTheNextOneWorks() throws Exception {
        HeldBack journal = new HeldBack(memory());
        deploy(journal);
        BlockingQueue<Batch> batches = consumer();
        Future<Receipt> unlucky = appender.append(draft("a", "1"));
        next(journal.commits).fail(new JournalException(Code.STORAGE_FULL, "full"));
        assertEquals(Code.STORAGE_FULL, refusal(unlucky));

        Future<Receipt> broken = appender.append(draft("a", "1"));
        next(journal.commits).fail(new IllegalStateException("a defect"));
        assertEquals(Code.STORAGE_UNAVAILABLE, refusal(broken));

        Future<Receipt> lucky = appender.append(draft("a", "2"));
        next(journal.commits).complete();
        assertEquals(1, await(lucky).cursor().offset());
        assertEquals(List.of("2"), data(next(batches).events()));
        journal.letTheVerticleRun();
        assertEquals(1, acknowledged().count());
    }

    /** Returns the timer of acknowledged commits. */
    private Timer acknowledged() {
        return registry.get("publish.acknowledge").timer();
    }

    private static Code refusal(Future<Receipt> append) {
        return assertThrows(ProblemException.class, () -> await(append))
                .problem()
                .code();
    }

    @Test
    void whatIsRepeatedIsDeliveredOnceEvenWhileTheFirstIsUnderWay() throws Exception {
        HeldBack journal = new HeldBack(memory());
        deploy(journal);
        BlockingQueue<Batch> batches = consumer();
        Append append = Journaling.named("p", "n", draft("a", "1"));
        Future<Receipt> first = appender.append(append);
        Promise<Void> firstCommit = next(journal.commits);
        Future<Receipt> again = appender.append(append);
        Future<Receipt> other = appender.append(Journaling.named("p", "n", draft("a", "2")));
        journal.letTheVerticleRun();
        firstCommit.complete();
        next(journal.commits).complete();
        assertEquals(await(first).cursor(), await(again).cursor());
        assertEquals(Code.IDEMPOTENCY_MISMATCH, refusal(other));
        Future<Receipt> later = appender.append(draft("a", "3"));
        next(journal.commits).complete();
        assertEquals(2, await(later).cursor().offset());
        assertEquals(List.of("1"), data(next(batches).events()));
        assertEquals(List.of("3"), data(next(batches).events()));
    }

    @Test
    void whatWouldWaitBeyondTheBoundIsRefusedAtOnce() throws Exception {
        HeldBack journal = new HeldBack(memory());
        deploy(journal);
        String half = '"' + "x".repeat((int) QUEUED / 2 - 200) + '"';
        Future<Receipt> first = appender.append(draft("a", half));
        Promise<Void> firstCommit = next(journal.commits);
        List<Future<Receipt>> waiting = List.of(appender.append(draft("a", half)), appender.append(draft("a", half)));
        Future<Receipt> tooMuch = appender.append(draft("a", half));
        assertEquals(Code.STORAGE_UNAVAILABLE, refusal(tooMuch));
        assertEquals(0, acknowledged().count());

        firstCommit.complete();
        next(journal.commits).complete();
        await(first);
        assertEquals(2, await(waiting.get(0)).cursor().offset());
        assertEquals(3, await(waiting.get(1)).cursor().offset());
        Future<Receipt> afterwards = appender.append(draft("a", '"' + "x".repeat((int) QUEUED) + '"'));
        next(journal.commits).complete();
        assertEquals(4, await(afterwards).cursor().offset());
    }

    @Test
    void aJournalThatThrowsRefusesAndGoesOn() {
        Journal throwing = new ForwardingJournal(memory()) {
            private boolean thrown;

            @Override
            public Future<List<Receipt>> commit(List<Append> appends) {
                if (!thrown) {
                    thrown = true;
                    throw new IllegalStateException("a defect");
                }
                return super.commit(appends);
            }
        };
        deploy(throwing);
        assertEquals(Code.STORAGE_UNAVAILABLE, refusal(appender.append(draft("a", "1"))));
        assertEquals(1, await(appender.append(draft("a", "1"))).cursor().offset());
    }

    @Test
    void withoutAJournalAnAppendIsRefused() {
        assertEquals(Code.STORAGE_UNAVAILABLE, refusal(appender.append(draft("a", "1"))));
    }

    @Test
    void beingUndeployedItAnswersWhatItHas() throws Exception {
        HeldBack journal = new HeldBack(memory());
        String id = deploy(journal);
        Future<Receipt> append = appender.append(draft("a", "1"));
        Promise<Void> commit = next(journal.commits);
        Future<Void> undeployed = vertx.undeploy(id);
        journal.letTheVerticleRun();
        assertFalse(undeployed.isComplete());
        commit.complete();
        await(undeployed);
        assertEquals(1, await(append).cursor().offset());
    }

    @Test
    void anIdleVerticleStopsAtOnce(VertxTestContext test) {
        vertx.deployVerticle(new JournalVerticle(memory()))
                .compose(vertx::undeploy)
                .onComplete(test.succeedingThenComplete());
    }

    @Test
    void manyPublishersAreOneOrderForAll(@TempDir Path folder) throws Exception {
        JournalOptions options = JournalOptions.of(
                JournalOptions.Store.SQLITE,
                Durability.PROCESS,
                8192,
                16 << 20,
                Idempotency.DEFAULTS,
                keep(Kind.OTHER, PLENTY));
        Journal journal = await(JournalFactory.open(folder, options, Clock.systemUTC()));
        deploy(journal);
        BlockingQueue<Batch> batches = consumer();
        int publishers = 64;
        int each = 30;
        List<Future<Receipt>> last = IntStream.range(0, publishers)
                .mapToObj(publisher -> publish(publisher, 0, each))
                .toList();
        await(Future.all(last));

        List<Event> delivered = new ArrayList<>();
        int commits = 0;
        while (delivered.size() < publishers * each) {
            delivered.addAll(next(batches).events());
            commits++;
        }
        assertTrue(commits <= publishers * each / 4, "publishers must share commits, but there were " + commits);
        Map<String, Integer> seen = new HashMap<>();
        for (int i = 0; i < delivered.size(); i++) {
            assertEquals(i + 1, delivered.get(i).offset());
            int number = Integer.parseInt(delivered.get(i).data().toString());
            assertEquals(number, seen.merge(delivered.get(i).topic().name(), 1, Integer::sum) - 1);
        }
        assertEquals(delivered, Journaling.readAll(journal, 0, topics("**"), 1000));
        await(journal.close());
    }

    private Future<Receipt> publish(int publisher, int number, int end) {
        Future<Receipt> append = appender.append(draft("p/" + publisher, Integer.toString(number)));
        return number + 1 == end ? append : append.compose(done -> publish(publisher, number + 1, end));
    }

    /** A journal whose commits are held until the test releases them. */
    private static class HeldBack extends ForwardingJournal {
        final BlockingQueue<Promise<Void>> commits = new LinkedBlockingQueue<>();

        private volatile @Nullable Context context;

        HeldBack(Journal journal) {
            super(journal);
        }

        /** Waits until the event loop of the verticle has run all tasks that were queued before. */
        void letTheVerticleRun() {
            Promise<Void> ran = Promise.promise();
            Objects.requireNonNull(context).runOnContext(ignored -> ran.complete());
            await(ran.future());
        }

        @Override
        public Future<List<Receipt>> commit(List<Append> appends) {
            context = Vertx.currentContext();
            Promise<Void> go = Promise.promise();
            commits.add(go);
            return go.future().compose(gone -> super.commit(appends));
        }
    }
}
