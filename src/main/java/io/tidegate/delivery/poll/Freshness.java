package io.tidegate.delivery.poll;

import java.time.Instant;
import java.util.Optional;

/** The freshness of a list that an origin owns. May be called from any thread. */
@FunctionalInterface
public interface Freshness {

    /** Returns the time since which the origin has not confirmed the list; empty while it does. */
    Optional<Instant> staleSince();

    /** Returns an immutable copy of the current value. */
    default Freshness snapshot() {
        Optional<Instant> since = staleSince();
        return () -> since;
    }
}
