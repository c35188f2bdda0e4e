package io.tidegate.delivery.follow;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tidegate.event.Cursor;
import io.tidegate.event.Draft;
import io.tidegate.event.Event;
import io.tidegate.event.JsonText;
import io.tidegate.event.Kind;
import io.tidegate.event.Selection;
import io.tidegate.event.TopicPattern;
import io.tidegate.event.loop.EventLoop;
import io.tidegate.journal.Append;
import io.tidegate.journal.Journal;
import io.tidegate.journal.Page;
import io.tidegate.journal.memory.MemoryJournal;
import io.tidegate.journal.retention.Retention;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import io.vertx.junit5.VertxTestContext;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tests a follower with a real journal and a client. A seeded random generator decides when the client accepts bytes.
 */
@ExtendWith(VertxExtension.class)
class FollowerTest {

    private static final int STEPS = 400;
    private static final Selection ALL = Selection.ofTopics(TopicPattern.ALL);

    static IntStream seeds() {
        return IntStream.range(0, 40);
    }

    /** Replay, live delivery and falling behind alternate in random order; no event may be skipped or repeated. */
    @ParameterizedTest
    @MethodSource("seeds")
    void everyEventIsShownOnceAndInOrder(int seed, Vertx vertx, VertxTestContext test) {
        vertx.runOnContext(turn -> {
            Scene scene = new Scene(
                    EventLoop.current(vertx), new Retention(100_000, Duration.ofDays(1), 1L << 30, 10, 1 << 24));
            SplittableRandom random = new SplittableRandom(seed);
            scene.publish(random.nextInt(20));
            scene.client.begin();
            scene.play(random, STEPS)
                    .compose(played -> scene.settle())
                    .onComplete(test.succeeding(settled -> test.verify(() -> {
                        assertEquals(
                                LongStream.rangeClosed(1, scene.journal.head().offset())
                                        .boxed()
                                        .toList(),
                                scene.client.shown);
                        assertEquals(true, scene.client.isLive());
                        test.completeNow();
                    })));
        });
    }

    @Test
    void aGapIsReportedAndWhatFollowsItIsShown(Vertx vertx, VertxTestContext test) {
        vertx.runOnContext(turn -> {
            Scene scene =
                    new Scene(EventLoop.current(vertx), new Retention(10, Duration.ofDays(1), 1L << 30, 10, 1 << 24));
            scene.publish(50);
            scene.client.begin();
            scene.settle()
                    .onSuccess(settled -> scene.publish(1))
                    .compose(published -> scene.settle())
                    .onComplete(test.succeeding(settled -> test.verify(() -> {
                        assertEquals(1, scene.client.gaps);
                        assertEquals(List.of(51L), scene.client.shown);
                        test.completeNow();
                    })));
        });
    }

    @Test
    void aFollowerThatCannotSendEventsEnds(Vertx vertx, VertxTestContext test) {
        vertx.runOnContext(turn -> {
            Scene scene =
                    new Scene(EventLoop.current(vertx), new Retention(100, Duration.ofDays(1), 1L << 30, 10, 1 << 24));
            scene.client.defect = true;
            scene.publish(5);
            scene.client.begin();
            scene.settle()
                    .onComplete(test.succeeding(settled -> test.verify(() -> {
                        assertEquals(1, scene.client.failures);
                        assertEquals(List.of(), scene.client.shown);
                        test.completeNow();
                    })));
        });
    }

    @Test
    void nothingHappensAfterTheEnd(Vertx vertx, VertxTestContext test) {
        vertx.runOnContext(turn -> {
            Scene scene =
                    new Scene(EventLoop.current(vertx), new Retention(100, Duration.ofDays(1), 1L << 30, 10, 1 << 24));
            scene.publish(5);
            scene.client.begin();
            scene.client.end();
            scene.publish(5);
            scene.settle()
                    .onComplete(test.succeeding(settled -> test.verify(() -> {
                        assertEquals(List.of(), scene.client.shown);
                        test.completeNow();
                    })));
        });
    }

    /** Combines a journal, the live delivery of one event loop, and one client. */
    private static final class Scene {

        private final EventLoop loop;
        private final Journal journal;
        private final Client client;
        private Cursor delivered;

        Scene(EventLoop loop, Retention retention) {
            this.loop = loop;
            this.journal = new MemoryJournal(Clock.systemUTC(), Map.of(Kind.OTHER, retention));
            this.delivered = journal.head();
            this.client = new Client(journal.head());
        }

        /** Commits events, which live delivery delivers together. */
        void publish(int count) {
            if (count == 0) {
                return;
            }
            Cursor before = journal.head();
            List<Draft> drafts = IntStream.range(0, count)
                    .mapToObj(i -> Draft.of("t", "tick", JsonText.parse("1")))
                    .toList();
            journal.commit(List.of(new Append(drafts)));
            delivered = journal.head();
            if (client.isLive() && client.ready) {
                LongStream.rangeClosed(before.offset() + 1, delivered.offset()).forEach(client.shown::add);
            } else {
                client.fallBehind(before);
                client.catchUp();
            }
        }

        Future<Void> play(SplittableRandom random, int steps) {
            Promise<Void> played = Promise.promise();
            if (steps == 0) {
                played.complete();
                return played.future();
            }
            switch (random.nextInt(6)) {
                case 0 -> publish(random.nextInt(1, 5));
                case 1 -> client.ready = false;
                case 2 -> client.takeBytes();
                case 3 -> client.memory = false;
                case 4 -> client.freeMemory();
                default -> client.takeAtMost = random.nextInt(1, 4);
            }
            loop.run(() -> play(random, steps - 1).onComplete(played));
            return played.future();
        }

        /** Makes the client accept all bytes, and waits long enough for it to catch up. */
        Future<Void> settle() {
            client.takeAtMost = Integer.MAX_VALUE;
            client.takeBytes();
            client.freeMemory();
            return loop.vertx().timer(50).mapEmpty();
        }

        private final class Client extends Follower {

            private final List<Long> shown = new ArrayList<>();
            private boolean ready = true;
            private int takeAtMost = Integer.MAX_VALUE;
            private boolean waits;
            private boolean memory = true;
            private boolean awaitsMemory;
            private boolean defect;
            private int failures;
            private int gaps;

            Client(Cursor start) {
                super(start);
            }

            void begin() {
                start();
            }

            void takeBytes() {
                ready = true;
                if (waits) {
                    waits = false;
                    clientReady();
                }
            }

            void freeMemory() {
                memory = true;
                if (awaitsMemory) {
                    awaitsMemory = false;
                    clientReady();
                }
            }

            @Override
            protected boolean reserve(List<Event> events) {
                awaitsMemory |= !memory;
                return memory;
            }

            @Override
            protected EventLoop loop() {
                return loop;
            }

            @Override
            protected Cursor livePosition() {
                return delivered;
            }

            @Override
            protected boolean ready() {
                return ready;
            }

            @Override
            protected void awaitClient() {
                waits = true;
            }

            @Override
            protected Future<Page> read(Cursor after, Cursor through) {
                return loop.bring(journal.read(after, through.offset(), ALL, 3));
            }

            @Override
            protected int step(List<Event> events, int from) {
                return from + 1;
            }

            @Override
            protected void show(List<Event> events) {
                if (defect) {
                    throw new OutOfMemoryError("direct memory");
                }
                events.forEach(event -> shown.add(event.offset()));
                ready &= --takeAtMost > 0;
            }

            @Override
            protected void gap() {
                gaps++;
            }

            @Override
            protected void failed(Throwable cause) {
                failures++;
                end();
            }

            @Override
            protected void joinLive() {}

            @Override
            protected void leaveLive() {}

            @Override
            protected long now() {
                return 1;
            }
        }
    }
}
