package io.tidegate.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ShutdownSequenceTest {

    private final List<String> taken = new ArrayList<>();

    @Test
    void aStepThatHangsFailsOrThrowsIsLeftBehind() throws Exception {
        ShutdownSequence stopping = new ShutdownSequence(Duration.ofSeconds(20));
        stopping.step(
                        "hangs",
                        Duration.ofMillis(50),
                        () -> step("hangs", Promise.promise().future()))
                .compose(done -> stopping.step(
                        "fails", Duration.ofSeconds(9), () -> step("fails", Future.failedFuture("so it is"))))
                .compose(done -> stopping.step("throws", Duration.ofSeconds(9), () -> {
                    throw new IllegalStateException("so it is");
                }))
                .compose(done ->
                        stopping.step("works", Duration.ofSeconds(9), () -> step("works", Future.succeededFuture())))
                .await(10, TimeUnit.SECONDS);
        assertEquals(List.of("hangs", "fails", "works"), taken);
    }

    @Test
    void allStepsTogetherKeepTheDeadline() throws Exception {
        ShutdownSequence stopping = new ShutdownSequence(Duration.ofMillis(100));
        Future<Void> steps = Future.succeededFuture();
        for (int i = 0; i < 3; i++) {
            steps = steps.compose(done -> stopping.step(
                    "hangs", Duration.ofSeconds(60), () -> Promise.promise().future()));
        }
        steps.await(10, TimeUnit.SECONDS);
    }

    @Test
    void aBlockedEventLoopKeepsNobodyWaiting() throws Exception {
        Vertx vertx = Vertx.vertx();
        CountDownLatch blocked = new CountDownLatch(1);
        try {
            Context loop = vertx.getOrCreateContext();
            CountDownLatch begun = new CountDownLatch(1);
            Promise<Void> never = Promise.promise();
            Promise<Void> onThatLoop = ((ContextInternal) loop).promise();
            loop.runOnContext(ignored -> {
                begun.countDown();
                block(blocked);
                never.complete();
            });
            assertTrue(begun.await(10, TimeUnit.SECONDS));
            new ShutdownSequence(Duration.ofSeconds(20))
                    .step("blocked", Duration.ofMillis(50), onThatLoop::future)
                    .await(10, TimeUnit.SECONDS);
            assertFalse(never.future().isComplete());
        } finally {
            blocked.countDown();
            vertx.close().await(10, TimeUnit.SECONDS);
        }
    }

    private static void block(CountDownLatch latch) {
        try {
            assertTrue(latch.await(30, TimeUnit.SECONDS));
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    private Future<?> step(String name, Future<?> end) {
        taken.add(name);
        return end;
    }
}
