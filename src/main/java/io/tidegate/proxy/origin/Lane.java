package io.tidegate.proxy.origin;

import io.tidegate.meter.LogThrottle;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/** The state of one of an origin's traffic classes, shared by all event loops. Thread-safe. */
final class Lane {

    private final AtomicInteger waiting = new AtomicInteger();
    private final LogThrottle full;

    Lane(LongSupplier nanoTime) {
        full = new LogThrottle(nanoTime);
    }

    AtomicInteger waiting() {
        return waiting;
    }

    LogThrottle full() {
        return full;
    }
}
