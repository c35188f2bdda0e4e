package io.tidegate.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.fixture.Needs;
import io.tidegate.scenario.Fifty.Way;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Compares the load of clients on the service with and without the gateway. This is a short run; with
 * {@code -Dtidegate.clients.seconds=60} it is the measurement of {@code src/docs/performance.md} and prints its rows.
 */
@Needs({"nginx", "script", "setpriv"})
@Timeout(300)
@ExtendWith(VertxExtension.class)
class FiftyClientsTest {

    private static final int SECONDS = Integer.getInteger("tidegate.clients.seconds", 0);

    @TempDir
    private Path folder;

    static Stream<Way> ways() {
        return Stream.of(Way.values()).filter(way -> SECONDS > 0 || way.gateway());
    }

    @ParameterizedTest
    @MethodSource("ways")
    void theServiceIsAskedByItsWatchAloneAndEveryClientSeesEveryChange(Way way, Vertx vertx) throws Exception {
        boolean brief = SECONDS == 0;
        try (Fifty fifty = new Fifty(vertx, folder, way, 50)) {
            Findings found = brief
                    ? fifty.run(Duration.ofSeconds(4), 400, way == Way.FALLBACK ? 500 : 0)
                    : fifty.run(Duration.ofSeconds(SECONDS), 1_000, 0);
            if (!brief) {
                System.out.println(Findings.HEAD + '\n' + found.row());
            }
            assertTrue(found.changes() > 0);
            if (way.gateway()) {
                assertEquals(0, found.refused(), found::row);
                assertTrue(found.reads() <= found.nanos() / 1e9 + 2, found::row);
            }
            if (found.refused() == 0) {
                assertEquals(0, found.unseen(), found::row);
            }
        }
    }
}
