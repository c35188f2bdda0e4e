package io.tidegate.fault;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.event.Cursor;
import io.tidegate.fault.FaultReader.Pace;
import io.tidegate.fault.FaultReader.Plan;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests readers that are slow, that disconnect, and that join under load. */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class NetworkFaultTest {

    private static final int WINDOW = 40;

    @TempDir
    private Path folder;

    @Test
    void slowReadersMissNothingAndHarmNobody() throws Exception {
        try (NodeProcess node = new NodeProcess(folder)
                        .set("streams.retry", "100ms")
                        .set("streams.max-lag", "2s")
                        .set("streams.max-lag-bytes", "256KiB")
                        .start();
                Scene scene = Scene.of(node)) {
            scene.open(4, Plan.of(Scene.PATH));
            List<FaultReader> slow = scene.open(12, Plan.of(Scene.PATH).pace(Pace.TRICKLE));
            scene.publish(2, 400, 4, 1024);
            int cutOffs = Kit.size("cut-offs", 12, 24);
            assertTrue(
                    scene.readers().await(() -> cutOff(slow) >= cutOffs, Scene.TIMEOUT),
                    "too few slow readers were disconnected");
            scene.publishers().stop();
            scene.readers().on(() -> slow.forEach(FaultReader::hurry));
            scene.catchUp();
            scene.finish("slow readers", "cut-off=" + cutOff(slow));
        }
    }

    /** Returns how many times these readers were disconnected and reconnected. */
    private static int cutOff(List<FaultReader> readers) {
        return readers.stream().mapToInt(FaultReader::connections).sum() - readers.size();
    }

    /** The gateway and the kernel release the resources of a stalled reader when it is disconnected. */
    @Test
    void aStalledReaderThatIsCutOffLeavesNoSocketBehind() throws Exception {
        int stalled = 50;
        try (NodeProcess node = new NodeProcess(folder)
                        .set("streams.max-lag", "1s")
                        .set("streams.retry", "60s")
                        .start();
                Scene scene = Scene.of(node)) {
            FaultReader head = scene.open(1, Plan.of(Scene.PATH)).get(0);
            scene.publish(2, 400, 4, 1024);
            assertTrue(scene.readers().await(() -> head.events() > 800, Scene.TIMEOUT));
            int before = node.descriptors();
            List<FaultReader> readers = IntStream.range(0, stalled)
                    .mapToObj(i -> scene.readers().open(Plan.of(Scene.PATH).pace(Pace.STALLED)))
                    .toList();
            assertTrue(scene.readers()
                    .await(() -> readers.stream().allMatch(reader -> reader.connections() > 0), Scene.TIMEOUT));
            long deadline = System.nanoTime() + Scene.TIMEOUT.toNanos();
            // The gateway closes the streams; the kernel may release the descriptors slightly later. The number of
            // publisher connections varies.
            int limit = before + stalled / 2;
            while ((node.streamsClosed() < stalled || node.descriptors() > limit) && System.nanoTime() < deadline) {
                Kit.pause(100);
            }
            int cut = node.streamsClosed();
            int left = node.descriptors();
            scene.finish("stalled readers cut off", "cut-off=" + cut);
            assertTrue(cut >= stalled, "streams closed: " + cut);
            assertTrue(left <= limit, "descriptors: " + before + " before, " + left + " after");
        }
    }

    @Test
    void resetsInTheMiddleOfAFrameLoseNothing() throws Exception {
        SplittableRandom random = Kit.random();
        int resets = Kit.size("resets", 200, 600);
        try (NodeProcess node =
                        new NodeProcess(folder).set("streams.retry", "20ms").start();
                Scene scene = Scene.of(node)) {
            List<FaultReader> readers = scene.open(30, Plan.of(Scene.PATH));
            scene.publish(4, 800, 2, 200);
            for (int i = 0; i < resets; i++) {
                Kit.pause(random.nextInt(1, 20));
                FaultReader victim = readers.get(random.nextInt(readers.size()));
                scene.readers().on(victim::reset);
            }
            scene.finish("socket resets", "resets=" + resets);
        }
    }

    @Test
    void theSeamBetweenReplayAndLiveHolds() throws Exception {
        SplittableRandom random = Kit.random();
        int joins = Kit.size("joins", 1_500, 10_000);
        try (NodeProcess node = new NodeProcess(folder).heap("-Xmx384m").start();
                Scene scene = Scene.of(node)) {
            FaultReader head = scene.open(1, Plan.of(Scene.PATH)).get(0);
            scene.publish(4, 2_000, 10, 10);
            assertTrue(scene.readers().await(() -> head.events() > 500, Scene.TIMEOUT));
            long began = System.nanoTime();
            int before = head.events();
            List<FaultReader> all = new ArrayList<>(List.of(head));
            Deque<FaultReader> open = new ArrayDeque<>();
            while (all.size() <= joins || !open.isEmpty()) {
                scene.readers().on(() -> open.removeIf(NetworkFaultTest::leaveOnceLive));
                while (all.size() <= joins && open.size() < WINDOW) {
                    FaultReader reader = join(scene, head, random.nextInt(300));
                    open.add(reader);
                    all.add(reader);
                }
                Kit.pause(1);
            }
            double seconds = (System.nanoTime() - began) / 1e9;
            long rate = Math.round((head.events() - before) / seconds);
            scene.publishers().stop();
            Cursor end = scene.catchUp();
            scene.report("the seam", end, all, "joins=" + joins + " events/s=" + rate);
        }
    }

    /** Opens a reader that resumes the given number of events before the head. */
    private static FaultReader join(Scene scene, FaultReader head, int past) {
        Cursor now = head.position().orElseThrow();
        return scene.readers().open(Plan.of(Scene.PATH).from(now.at(Math.max(1, now.offset() - past))));
    }

    /** Lets a reader leave after it has read the replay and some live events. */
    private static boolean leaveOnceLive(FaultReader reader) {
        if (reader.events() < 330) {
            return false;
        }
        reader.leave();
        return true;
    }
}
