package io.tidegate.proxy.origin;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/** One server of an origin and its state. Thread-safe. */
public final class Server {

    /** The states of a server, in order of preference when a server is chosen. */
    enum State {
        UP,
        EJECTED,
        DOWN;

        String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final URI url;
    private final String id;
    private final LongSupplier nanoTime;
    private final Map<TrafficClass, AtomicInteger> active = new EnumMap<>(TrafficClass.class);
    private final AtomicInteger failures = new AtomicInteger();
    private final AtomicInteger probes = new AtomicInteger();
    private volatile boolean down;
    private volatile long ejectedUntil;

    Server(URI url, LongSupplier nanoTime) {
        this.url = url;
        this.id = id(url);
        this.nanoTime = nanoTime;
        this.ejectedUntil = nanoTime.getAsLong();
        for (TrafficClass trafficClass : TrafficClass.values()) {
            active.put(trafficClass, new AtomicInteger());
        }
    }

    /** Returns an opaque id for a server, which is the same on all nodes and across restarts. */
    public static String id(URI url) {
        return UUID.nameUUIDFromBytes(url.toString().getBytes(StandardCharsets.UTF_8))
                .toString();
    }

    String id() {
        return id;
    }

    public URI url() {
        return url;
    }

    State state() {
        if (down) {
            return State.DOWN;
        }
        return ejectedUntil - nanoTime.getAsLong() > 0 ? State.EJECTED : State.UP;
    }

    /** Returns the number of requests in progress. */
    int active(TrafficClass trafficClass) {
        return counter(trafficClass).get();
    }

    int active() {
        return active(TrafficClass.REQUESTS) + active(TrafficClass.STREAMS);
    }

    public void began(TrafficClass trafficClass) {
        counter(trafficClass).incrementAndGet();
    }

    public void ended(TrafficClass trafficClass) {
        counter(trafficClass).decrementAndGet();
    }

    /** Records that the server responded to a request, whatever the status. */
    public void responded() {
        if (failures.get() != 0) {
            failures.set(0);
        }
    }

    /**
     * Records that a request failed because of the server.
     *
     * @return whether the failure ejected the server
     */
    public boolean failed(Ejection ejection) {
        if (ejection.failures() == 0 || failures.incrementAndGet() < ejection.failures()) {
            return false;
        }
        failures.set(0);
        boolean before = state() == State.EJECTED;
        ejectedUntil = nanoTime.getAsLong() + ejection.time().toNanos();
        return !before;
    }

    /**
     * Records the result of a probe.
     *
     * @return whether the result changed the state
     */
    boolean probed(boolean passed, Health health) {
        if (passed != down) {
            probes.set(0);
            return false;
        }
        if (probes.incrementAndGet() < (passed ? health.passes() : health.failures())) {
            return false;
        }
        probes.set(0);
        failures.set(0);
        down = !passed;
        return true;
    }

    @SuppressWarnings("NullAway") // there is a counter for each traffic class
    private AtomicInteger counter(TrafficClass trafficClass) {
        return active.get(trafficClass);
    }
}
