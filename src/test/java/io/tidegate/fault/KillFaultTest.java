package io.tidegate.fault;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.auth.Role;
import io.tidegate.event.Cursor;
import io.tidegate.fault.Publisher.Plan;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The process ends without a word, again and again, while events are published and read. */
class KillFaultTest {

    private static final Duration CATCH_UP = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    @Test
    @Timeout(value = 2, unit = TimeUnit.HOURS)
    void whatWasAcknowledgedSurvivesEveryKill() throws Exception {
        SplittableRandom random = Kit.random();
        int rounds = Kit.size("rounds", 200);
        long began = System.nanoTime();
        try (NodeProcess node =
                        new NodeProcess(folder).set("streams.retry", "50ms").start();
                Readers readers = new Readers(node.port(), node.token(Role.VIEWER));
                Publishers publishers = new Publishers(node.port(), node.token(Role.PUBLISHER))) {
            List<FaultReader> all = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                all.add(readers.open(FaultReader.Plan.of("/api/events?topics=fault/**")));
            }
            assertTrue(readers.await(
                    () -> all.stream().allMatch(r -> r.log().start().isPresent()), CATCH_UP));
            for (int i = 0; i < 4; i++) {
                publishers.start(new Plan("fault/" + i, 1 + i % 2 * 4, 2_000_000, 20));
            }
            for (int round = 0; round < rounds; round++) {
                Kit.pause(random.nextInt(5, 500));
                node.kill();
                node.start();
            }
            publishers.stop();
            Cursor end = publishers.fence();
            boolean caughtUp = readers.await(() -> all.stream().allMatch(r -> r.reached(end)), CATCH_UP);
            readers.on(() -> all.forEach(FaultReader::stop));
            long seconds = Duration.ofNanos(System.nanoTime() - began).toSeconds();
            Kit.report(
                    "kill -9 under load",
                    Checker.check(publishers.log(), Kit.logs(all), end),
                    "rounds=" + rounds + " unanswered=" + publishers.unknown() + " seconds=" + seconds + " caught-up="
                            + caughtUp);
        }
    }
}
