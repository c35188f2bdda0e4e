package io.tidegate.meter;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LogThrottleTest {

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
    private final LogThrottle throttle = new LogThrottle(nanos::get);

    @Test
    void aLineIsDueAtOnceThenOnceAMinuteWithTheCountSinceTheLast() {
        assertEquals(1, throttle.occurred());
        assertEquals(0, throttle.occurred());
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(59));
        assertEquals(0, throttle.occurred());
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
        assertEquals(3, throttle.occurred());
        assertEquals(0, throttle.occurred());
        nanos.addAndGet(TimeUnit.HOURS.toNanos(1));
        assertEquals(2, throttle.occurred());
    }
}
