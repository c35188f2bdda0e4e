package io.tidegate.proxy;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** Reads the metrics of origins: one line for each series that is not zero, such as {@code / requests answered}. */
final class OriginCounts {

    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final MeterRegistry registry;

    OriginCounts(MeterRegistry registry) {
        this.registry = registry;
    }

    Map<String, Integer> lines() {
        Map<String, Integer> lines = new TreeMap<>();
        registry.find("origin.requests")
                .counters()
                .forEach(
                        counter -> add(lines, counter, counter.getId().getTag("lane") + " " + tag(counter, "outcome")));
        registry.find("origin.retries").counters().forEach(counter -> add(lines, counter, "retried"));
        registry.find("origin.ejections").counters().forEach(counter -> add(lines, counter, "ejected"));
        return lines;
    }

    private static void add(Map<String, Integer> lines, Counter counter, String what) {
        if (counter.count() > 0) {
            lines.put(tag(counter, "origin") + " " + what, (int) counter.count());
        }
    }

    private static String tag(Counter counter, String name) {
        return String.valueOf(counter.getId().getTag(name));
    }

    /** Waits until this line is present. */
    void await(String line) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (!lines().containsKey(line)) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("no such line among " + lines());
            }
            Thread.sleep(2);
        }
    }

    /** Returns the number of servers of an origin in a state. */
    double servers(String prefix, String state) {
        return registry.get("origin.servers")
                .tags("origin", prefix, "state", state)
                .gauge()
                .value();
    }
}
