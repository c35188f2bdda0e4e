package io.tidegate.delivery.poll;

import java.time.Instant;
import java.util.Optional;

/** Whether a list that an origin owns is up to date. May be called from any thread. */
@FunctionalInterface
public interface Freshness {

    /** Returns the time since which the origin has not confirmed the list; empty while it does. */
    Optional<Instant> staleSince();

    /** Returns a copy of the current value, which no longer changes. */
    default Freshness snapshot() {
        Optional<Instant> since = staleSince();
        return () -> since;
    }
}
