package io.tidegate.fault;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.fault.FaultReader.Pace;
import io.tidegate.fault.FaultReader.Plan;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests a thousand readers that never read, and one that does. {@code -Dfault.stalled-seconds=60} prolongs the test.
 */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class StalledFaultTest {

    private static final int EVENTS_PER_SECOND = 200;
    /** The latency below which pauses of the machine would dominate the measurement. */
    private static final double MIN_P99_MILLIS = 25;
    /** The maximum number of measurements, because the machine may be busy for a while. */
    private static final int TRIES = 6;
    /** The number of events after which the JVM has compiled the delivery code. */
    private static final int WARM_UP = 300;
    /** The number of events to publish, over ten times as many as fill the buffers of a stalled reader. */
    private static final int FILL = 600;

    /** The sum of the maximum heap, 64 KiB for each stalled reader, and the memory of the JVM outside its heap. */
    private static final long BOUND_KIB = (192 + 1000 * 64 / 1024 + 140) * 1024;

    @TempDir
    private Path folder;

    private final Latencies latencies = new Latencies();

    @Test
    void stalledReadersCostTheHealthyOneNothingAndTheProcessLittle() throws Exception {
        int seconds = Kit.size("stalled-seconds", 4, 10);
        int stalled = Kit.size("stalled", 1_000, 1_000);
        try (NodeProcess node = new NodeProcess(folder).start();
                Scene scene = Scene.of(node)) {
            FaultReader healthy =
                    scene.open(1, Plan.of(Scene.PATH).latency(latencies)).get(0);
            scene.publish(2, EVENTS_PER_SECOND, 1, 1024);
            scene.awaitEvents(healthy, WARM_UP);
            int events = seconds * EVENTS_PER_SECOND;
            double alone = p99(scene, healthy, events);
            List<FaultReader> readers = IntStream.range(0, stalled)
                    .mapToObj(i -> scene.readers().open(Plan.of(Scene.PATH).pace(Pace.STALLED)))
                    .toList();
            assertTrue(scene.readers()
                    .await(() -> readers.stream().allMatch(reader -> reader.connections() > 0), Scene.TIMEOUT));
            // Until their buffers are full, the stalled readers cost as much as other readers do.
            scene.awaitEvents(healthy, FILL);
            double bound = 2 * Math.max(alone, MIN_P99_MILLIS);
            double beside = p99(scene, healthy, events);
            for (int i = 1; i < TRIES && beside > bound; i++) {
                beside = p99(scene, healthy, events);
            }
            long kib = node.residentKib();
            scene.finish(
                    stalled + " stalled readers",
                    String.format("p99-ms=%.1f alone=%.1f rss-MiB=%d seconds=%d", beside, alone, kib >> 10, seconds));
            assertTrue(kib < BOUND_KIB, "resident KiB: " + kib);
            assertTrue(beside <= bound, "p99 " + beside + " ms, without stalled readers " + alone);
        }
    }

    /** Measures the 99th percentile of the latency over a number of events, in milliseconds. */
    private double p99(Scene scene, FaultReader healthy, int events) throws InterruptedException {
        latencies.begin();
        scene.awaitEvents(healthy, events);
        return latencies.p99();
    }

    /** Collects the ages of events at the time when the healthy reader sees them. */
    private static final class Latencies implements LongConsumer {

        private long[] nanos = new long[1 << 16];
        private int count;

        @Override
        public synchronized void accept(long value) {
            if (count < nanos.length) {
                nanos[count] = value;
                count++;
            }
        }

        synchronized void begin() {
            count = 0;
        }

        /** Returns the 99th percentile in milliseconds. */
        synchronized double p99() {
            long[] sorted = Arrays.copyOf(nanos, count);
            Arrays.sort(sorted);
            return sorted[(int) (count * 0.99)] / 1e6;
        }
    }
}
