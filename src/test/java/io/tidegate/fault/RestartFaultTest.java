package io.tidegate.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The gateway goes and comes back while thousands of streams are open. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class RestartFaultTest {

    private static final Duration DRAIN = Duration.ofSeconds(30);

    @TempDir
    private Path folder;

    @Test
    void everyStreamComesBackAfterAKillAndMissesNothing() throws Exception {
        int streams = Kit.size("streams", 5_000);
        try (NodeProcess node = node();
                Scene scene = Scene.of(node)) {
            List<FaultReader> readers = scene.open(streams, FaultReader.Plan.of(Scene.PATH));
            scene.publish(2, 40, 1, 20);
            Kit.pause(2_000);
            node.kill();
            node.start();
            String resumed = awaitResumed(scene, readers);
            scene.finish("restart with " + streams + " streams", resumed);
        }
    }

    @Test
    void aDrainTellsEveryStreamAndLosesNothing() throws Exception {
        int streams = Kit.size("streams", 5_000);
        try (NodeProcess node = node();
                Scene scene = Scene.of(node)) {
            List<FaultReader> readers = scene.open(streams, FaultReader.Plan.of(Scene.PATH));
            scene.publish(2, 40, 1, 20);
            Kit.pause(1_000);
            long asked = System.nanoTime();
            node.signal("TERM");
            assertEquals(0, node.exitCode(DRAIN), node.errors());
            long drained = Duration.ofNanos(System.nanoTime() - asked).toMillis();
            long told = readers.stream().filter(FaultReader::toldGoodbye).count();
            long ended = readers.stream().filter(reader -> reader.ends() > 0).count();
            node.start();
            String resumed = awaitResumed(scene, readers);
            scene.finish(
                    "drain with " + streams + " streams",
                    "exit=0 after-ms=" + drained + " goodbye=" + told + " ended=" + ended + " " + resumed);
            assertEquals(streams, ended, "streams that ended properly");
            assertEquals(streams, told, "streams that were told goodbye");
        }
    }

    private NodeProcess node() throws Exception {
        return new NodeProcess(folder)
                .heap("-Xmx512m")
                .set("streams.retry", "500ms")
                .start();
    }

    private static String awaitResumed(Scene scene, List<FaultReader> readers) throws InterruptedException {
        long since = System.nanoTime();
        assertTrue(
                scene.readers().await(() -> readers.stream().allMatch(reader -> reader.resumed() > 0), Scene.PATIENCE),
                "not every stream came back");
        return "last-resumed-ms=" + Duration.ofNanos(System.nanoTime() - since).toMillis();
    }
}
