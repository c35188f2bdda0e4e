package io.tidegate.proxy.origin;

import java.net.URI;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/** One address of an origin, and what is known of it. Safe from any thread. */
public final class Server {

    /** Whether it gets requests, in the order of preference. */
    enum State {
        UP,
        EJECTED,
        DOWN;

        String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final URI url;
    private final LongSupplier nanoTime;
    private final Map<TrafficClass, AtomicInteger> active = new EnumMap<>(TrafficClass.class);
    private final AtomicInteger failures = new AtomicInteger();
    private final AtomicInteger probes = new AtomicInteger();
    private volatile boolean down;
    private volatile long ejectedUntil;

    Server(URI url, LongSupplier nanoTime) {
        this.url = url;
        this.nanoTime = nanoTime;
        this.ejectedUntil = nanoTime.getAsLong();
        for (TrafficClass lane : TrafficClass.values()) {
            active.put(lane, new AtomicInteger());
        }
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

    /** How many requests are on their way to it. */
    int active(TrafficClass lane) {
        return counter(lane).get();
    }

    int active() {
        return active(TrafficClass.REQUESTS) + active(TrafficClass.STREAMS);
    }

    public void began(TrafficClass lane) {
        counter(lane).incrementAndGet();
    }

    public void ended(TrafficClass lane) {
        counter(lane).decrementAndGet();
    }

    /** It answered a request, whatever the status. */
    public void answered() {
        if (failures.get() != 0) {
            failures.set(0);
        }
    }

    /**
     * It did not answer a request.
     *
     * @return whether it is ejected now and was not before
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
     * A probe ended.
     *
     * @return whether this changed the state
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

    @SuppressWarnings("NullAway") // there is one for each lane
    private AtomicInteger counter(TrafficClass lane) {
        return active.get(lane);
    }
}
