package io.tidegate.fault;

import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests that kill or suspend the process repeatedly while events are published and read. */
class KillFaultTest {

    @TempDir
    private Path folder;

    @Test
    @Timeout(value = 2, unit = TimeUnit.HOURS)
    void whatWasAcknowledgedSurvivesEveryKill() throws Exception {
        SplittableRandom random = Kit.random();
        int rounds = Kit.size("rounds", 20, 200);
        try (NodeProcess node =
                        new NodeProcess(folder).set("streams.retry", "50ms").start();
                Scene scene = Scene.of(node)) {
            scene.open(6, FaultReader.Plan.of(Scene.PATH));
            scene.publish(2, 500, 1, 20);
            scene.publish(2, 500, 5, 20);
            for (int round = 0; round < rounds; round++) {
                Kit.pause(random.nextInt(5, 700));
                node.kill();
                node.start();
            }
            scene.finish("kill -9 under load", "rounds=" + rounds);
        }
    }

    @Test
    void aProcessThatStandsStillLosesNothing() throws Exception {
        SplittableRandom random = Kit.random();
        int rounds = Kit.size("stops", 4, 8);
        try (NodeProcess node =
                        new NodeProcess(folder).set("streams.retry", "50ms").start();
                Scene scene = Scene.of(node)) {
            scene.open(20, FaultReader.Plan.of(Scene.PATH));
            scene.publish(4, 800, 2, 20);
            for (int round = 0; round < rounds; round++) {
                Kit.pause(random.nextInt(50, 400));
                node.signal("STOP");
                Kit.pause(random.nextInt(100, 1500));
                node.signal("CONT");
            }
            scene.finish("SIGSTOP and SIGCONT", "rounds=" + rounds);
        }
    }
}
