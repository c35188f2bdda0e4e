package io.tidegate.meter;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Reads the counters that have a given name, grouped by the values of one label. {@link #next} returns each increment
 * once. Owned by one thread.
 */
public final class TakenCounts {

    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);

    private final MeterRegistry registry;
    private final String name;
    private final String label;
    private final Map<String, Integer> taken = new TreeMap<>();

    public TakenCounts(MeterRegistry registry, String name, String label) {
        this.registry = registry;
        this.name = name;
        this.label = label;
    }

    /** Returns all counts so far, without those that are zero. */
    public Map<String, Integer> all() {
        Map<String, Integer> all = new TreeMap<>();
        for (Counter counter : registry.find(name).counters()) {
            if (counter.count() > 0) {
                all.merge(value(counter), (int) counter.count(), Integer::sum);
            }
        }
        return all;
    }

    /** Waits for a count that was not returned before, and returns the value of its label; fails after a timeout. */
    public String next() throws InterruptedException {
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (System.nanoTime() - end < 0) {
            for (Map.Entry<String, Integer> counted : all().entrySet()) {
                if (counted.getValue() > taken.getOrDefault(counted.getKey(), 0)) {
                    taken.merge(counted.getKey(), 1, Integer::sum);
                    return counted.getKey();
                }
            }
            Thread.sleep(2);
        }
        throw new AssertionError("no counts except " + taken);
    }

    private String value(Counter counter) {
        return Objects.requireNonNull(counter.getId().getTag(label), label);
    }
}
