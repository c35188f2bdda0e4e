package io.tidegate.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Tests when exactly a timeout fires, with a clock that only the test advances. */
class ProgressTimeoutTest {

    private final ManualTimers timers = new ManualTimers();
    private final List<Long> stalls = new ArrayList<>();
    private final ProgressTimeout timeout =
            new ProgressTimeout(timers, () -> timers.now * 1_000_000, () -> stalls.add(timers.now));

    /** Timers of a clock in milliseconds. */
    private static final class ManualTimers implements ProgressTimeout.Timers {

        private final Map<Long, Runnable> tasks = new TreeMap<>();
        private final Map<Long, Long> due = new TreeMap<>();
        private long now;
        private long last;

        @Override
        public long start(long millis, Runnable task) {
            tasks.put(++last, task);
            due.put(last, now + millis);
            return last;
        }

        @Override
        public void cancel(long timer) {
            tasks.remove(timer);
            due.remove(timer);
        }

        void advanceTo(long end) {
            while (now < end) {
                now++;
                List<Long> fired = due.entrySet().stream()
                        .filter(timer -> timer.getValue() <= now)
                        .map(Map.Entry::getKey)
                        .toList();
                for (long timer : fired) {
                    Runnable task = tasks.remove(timer);
                    due.remove(timer);
                    Objects.requireNonNull(task).run();
                }
            }
        }
    }

    @Test
    void itFiresAtTheLimitWithoutProgress() {
        timeout.allow(Duration.ofMillis(60));
        timers.advanceTo(200);
        assertEquals(List.of(60L), stalls);
    }

    @Test
    void itCountsFromTheLastProgressAndNotFromTheLastTimer() {
        timeout.allow(Duration.ofMillis(60));
        timers.advanceTo(1);
        timeout.progressed();
        timers.advanceTo(200);
        assertEquals(List.of(61L), stalls);
    }

    @Test
    void anotherLimitCountsFromTheCall() {
        timeout.allow(Duration.ofMillis(60));
        timers.advanceTo(50);
        timeout.allow(Duration.ofMillis(20));
        timers.advanceTo(200);
        assertEquals(List.of(70L), stalls);
    }

    @Test
    void aLongerLimitKeepsTheTimerAndCountsFromTheCall() {
        timeout.allow(Duration.ofMillis(20));
        timers.advanceTo(10);
        timeout.allow(Duration.ofMillis(60));
        timers.advanceTo(200);
        assertEquals(List.of(70L), stalls);
        assertEquals(2, timers.last, "one timer, and one for the rest");
    }

    @Test
    void steadyProgressStartsOneTimerForEachLimit() {
        timeout.allow(Duration.ofMillis(50));
        for (int at = 10; at <= 1_000; at += 10) {
            timers.advanceTo(at);
            timeout.progressed();
        }
        timers.advanceTo(2_000);
        assertEquals(List.of(1_050L), stalls);
        assertEquals(true, timers.last <= 26, timers.last + " timers");
    }

    @Test
    void noLimitAndTheEndStopIt() {
        timeout.allow(Duration.ofMillis(50));
        timeout.allow(Duration.ZERO);
        timers.advanceTo(200);
        timeout.allow(Duration.ofMillis(50));
        timeout.end();
        timers.advanceTo(500);
        assertEquals(List.of(), stalls);
        assertEquals(Map.of(), timers.tasks);
    }
}
