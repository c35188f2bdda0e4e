package io.tidegate.edge.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidegate.problem.ProblemMetrics;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class InternalsTest {

    private static final Duration BUSY = Duration.ofSeconds(7);

    @Test
    void everyUseOfInternalsPassesTheSelfTestOnThisVersion() throws Exception {
        Vertx vertx = Vertx.vertx();
        try {
            assertEquals(
                    Internals.USED,
                    Internals.selfTest(vertx, new ProblemMetrics(new SimpleMeterRegistry()))
                            .await(60, TimeUnit.SECONDS));
        } finally {
            vertx.close().await(20, TimeUnit.SECONDS);
        }
    }

    /**
     * Without the internals a connection is less protected, so a slow start must not be mistaken for an incompatible
     * version.
     */
    @Test
    void theSelfTestWaitsForABusyMachine() throws Exception {
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
        try {
            vertx.runOnContext(busy -> LockSupport.parkUntil(System.currentTimeMillis() + BUSY.toMillis()));
            assertEquals(
                    Internals.USED,
                    Internals.selfTest(vertx, new ProblemMetrics(new SimpleMeterRegistry()))
                            .await(60, TimeUnit.SECONDS));
        } finally {
            vertx.close().await(60, TimeUnit.SECONDS);
        }
    }
}
