package io.tidegate.edge.limit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BucketsTest {

    private static final Rate SLOW = new Rate(60, 3);

    private final AtomicLong nanos = new AtomicLong(-5);

    @Test
    void clientsThatHaveTheirWholeBurstAgainMakeRoom() {
        Buckets buckets = new Buckets("slow", SLOW, 100, nanos::get);
        IntStream.range(0, 100).forEach(i -> buckets.take("old " + i));
        nanos.addAndGet(Duration.ofSeconds(10).toNanos());
        IntStream.range(0, 50).forEach(i -> buckets.take("new " + i));
        assertEquals(50, buckets.size());
        for (int i = 0; i < 50; i++) {
            assertTrue(buckets.take("new " + i).isEmpty());
        }
    }

    @Test
    void whileThereIsNoRoomNewcomersShareAndAreBoundTogether() {
        Buckets buckets = new Buckets("slow", SLOW, 100, nanos::get);
        IntStream.range(0, 100).forEach(i -> buckets.take("early " + i));
        long passed = IntStream.range(0, 100_000)
                .filter(i -> buckets.take("late " + i).isEmpty())
                .count();
        assertEquals(100, buckets.size());
        assertEquals(256L * SLOW.burst(), passed);
    }
}
