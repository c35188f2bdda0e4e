package io.tidegate.edge.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidegate.problem.ProblemMetrics;
import io.vertx.core.Vertx;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class InternalsTest {

    @Test
    void everyUseOfInternalsPassesTheSelfTestOnThisVersion() throws Exception {
        Vertx vertx = Vertx.vertx();
        try {
            assertEquals(
                    Internals.USED,
                    Internals.selfTest(vertx, new ProblemMetrics(new SimpleMeterRegistry()))
                            .await(20, TimeUnit.SECONDS));
        } finally {
            vertx.close().await(20, TimeUnit.SECONDS);
        }
    }
}
