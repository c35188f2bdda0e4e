package io.tidegate.edge.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidegate.problem.ProblemMetrics;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.junit5.ProvidedBy;
import io.vertx.junit5.Timeout;
import io.vertx.junit5.VertxExtension;
import io.vertx.junit5.VertxProvider;
import io.vertx.junit5.VertxTestContext;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
@Timeout(value = 60, timeUnit = TimeUnit.SECONDS)
class InternalsTest {

    private static final Duration BUSY = Duration.ofSeconds(7);

    @Test
    void everyUseOfInternalsPassesTheSelfTestOnThisVersion(Vertx vertx, VertxTestContext test) {
        Internals.selfTest(vertx, new ProblemMetrics(new SimpleMeterRegistry()))
                .onComplete(test.succeeding(passed -> test.verify(() -> {
                    assertEquals(Internals.USED, passed);
                    test.completeNow();
                })));
    }

    /**
     * Connections are less protected if internals are not used, so a slow start must not be mistaken for an
     * incompatible version.
     */
    @Test
    void theSelfTestWaitsForABusyMachine(@ProvidedBy(OneEventLoop.class) Vertx vertx, VertxTestContext test) {
        vertx.runOnContext(busy -> LockSupport.parkUntil(System.currentTimeMillis() + BUSY.toMillis()));
        Internals.selfTest(vertx, new ProblemMetrics(new SimpleMeterRegistry()))
                .onComplete(test.succeeding(passed -> test.verify(() -> {
                    assertEquals(Internals.USED, passed);
                    test.completeNow();
                })));
    }

    /** Provides a Vert.x instance with a single event loop, so that a test can block all its event loops at once. */
    public static final class OneEventLoop implements VertxProvider {

        @Override
        public Vertx get() {
            return Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
        }
    }
}
