package io.tidegate.delivery.poll;

import java.time.Instant;
import java.util.Optional;

/** The freshness of a list that is owned by an origin. May be called from any thread. */
@FunctionalInterface
public interface Freshness {

    /** Returns the time since which the origin has failed to confirm the list, or empty if the list is fresh. */
    Optional<Instant> staleSince();

    /** Returns an immutable copy of the current value. */
    default Freshness snapshot() {
        Optional<Instant> since = staleSince();
        return () -> since;
    }
}
