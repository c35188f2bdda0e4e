package io.tidegate.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.junit5.Timeout;
import io.vertx.junit5.VertxExtension;
import io.vertx.junit5.VertxTestContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
class ShutdownSequenceTest {

    private final List<String> taken = new ArrayList<>();

    @Test
    @Timeout(value = 10, timeUnit = TimeUnit.SECONDS)
    void aStepThatHangsFailsOrThrowsIsLeftBehind(VertxTestContext test) {
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
                .onComplete(test.succeeding(done -> test.verify(() -> {
                    assertEquals(List.of("hangs", "fails", "works"), taken);
                    test.completeNow();
                })));
    }

    @Test
    @Timeout(value = 10, timeUnit = TimeUnit.SECONDS)
    void allStepsTogetherKeepTheDeadline(VertxTestContext test) {
        ShutdownSequence stopping = new ShutdownSequence(Duration.ofMillis(100));
        Future<Void> steps = Future.succeededFuture();
        for (int i = 0; i < 3; i++) {
            steps = steps.compose(done -> stopping.step(
                    "hangs", Duration.ofSeconds(60), () -> Promise.promise().future()));
        }
        steps.onComplete(test.succeedingThenComplete());
    }

    @Test
    void aBlockedEventLoopKeepsNobodyWaiting(Vertx vertx) throws Exception {
        CountDownLatch blocked = new CountDownLatch(1);
        try {
            Context loop = vertx.getOrCreateContext();
            Promise<Void> begun = Promise.promise();
            Promise<Void> never = Promise.promise();
            Promise<Void> onThatLoop = ((ContextInternal) loop).promise();
            loop.runOnContext(ignored -> {
                begun.complete();
                block(blocked);
                never.complete();
            });
            begun.future().await(10, TimeUnit.SECONDS);
            new ShutdownSequence(Duration.ofSeconds(20))
                    .step("blocked", Duration.ofMillis(50), onThatLoop::future)
                    .await(10, TimeUnit.SECONDS);
            assertFalse(never.future().isComplete());
        } finally {
            blocked.countDown();
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
