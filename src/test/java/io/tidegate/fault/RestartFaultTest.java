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

/** Tests restarts of the gateway while thousands of streams are open. */
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class RestartFaultTest {

    private static final Duration DRAIN = Duration.ofSeconds(30);

    /**
     * The number of events in the first budget. A quarter of them are published before the gateway stops, and the rest
     * from then on.
     */
    private static final int EVENTS_BEFORE = 200;

    private static final int EVENTS_AFTER = 100;

    @TempDir
    private Path folder;

    @Test
    void everyStreamComesBackAfterAKillAndMissesNothing() throws Exception {
        int streams = Kit.size("streams", 1_000, 5_000);
        try (NodeProcess node = node().start();
                Scene scene = Scene.of(node)) {
            List<FaultReader> readers = scene.open(streams, FaultReader.Plan.of(Scene.PATH));
            Budget budget = publish(scene, 40);
            node.kill();
            node.start();
            budget.add(EVENTS_AFTER);
            String resumed = awaitResumed(scene, readers);
            scene.finish("restart with " + streams + " streams", resumed);
        }
    }

    @Test
    void aDrainTellsEveryStreamAndLosesNothing() throws Exception {
        int streams = Kit.size("streams", 1_000, 5_000);
        int window = Kit.size("drain-seconds", 4, 20);
        try (NodeProcess node = node().set("streams.drain-window", window + "s").start();
                Scene scene = Scene.of(node)) {
            List<FaultReader> readers = scene.open(streams, FaultReader.Plan.of(Scene.PATH));
            Budget budget = publish(scene, EVENTS_BEFORE / window);
            long signalled = System.nanoTime();
            node.signal("TERM");
            assertEquals(0, node.exitCode(DRAIN), node.errors());
            long drained = Duration.ofNanos(System.nanoTime() - signalled).toMillis();
            assertTrue(
                    scene.readers().await(() -> readers.stream().allMatch(reader -> reader.ends() > 0), Scene.TIMEOUT),
                    "not every stream was completed");
            long notified = readers.stream().filter(FaultReader::gotGoodbye).count();
            node.start();
            budget.add(EVENTS_AFTER);
            String resumed = awaitResumed(scene, readers);
            scene.finish(
                    "drain with " + streams + " streams",
                    "exit=0 after-ms=" + drained + " goodbye=" + notified + " " + resumed);
            assertEquals(streams, notified, "streams that received gateway.goodbye");
        }
    }

    /** Starts publishing, and waits until enough events are published for the gateway to be stopped. */
    private static Budget publish(Scene scene, int eventsPerSecond) throws InterruptedException {
        Budget budget = new Budget();
        budget.add(EVENTS_BEFORE);
        scene.publish(budget, 2, eventsPerSecond, 1, 20);
        while (scene.publishers().acknowledged() < EVENTS_BEFORE / 4) {
            Kit.pause(10);
        }
        return budget;
    }

    private NodeProcess node() throws Exception {
        return new NodeProcess(folder).heap("-Xmx512m").set("streams.retry", "500ms");
    }

    private static String awaitResumed(Scene scene, List<FaultReader> readers) throws InterruptedException {
        long since = System.nanoTime();
        assertTrue(
                scene.readers().await(() -> readers.stream().allMatch(reader -> reader.resumed() > 0), Scene.TIMEOUT),
                "not every stream reconnected");
        return "last-resumed-ms=" + Duration.ofNanos(System.nanoTime() - since).toMillis();
    }
}
