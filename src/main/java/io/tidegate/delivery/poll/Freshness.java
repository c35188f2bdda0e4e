package io.tidegate.delivery.poll;

import java.time.Instant;
import java.util.Optional;

/** How well a list is known that its owner, elsewhere, is asked for. Safe from any thread. */
@FunctionalInterface
public interface Freshness {

    /** Since when the owner has not confirmed the list; none while it does. */
    Optional<Instant> staleSince();

    /** The same, at rest. */
    default Freshness asItIs() {
        Optional<Instant> since = staleSince();
        return () -> since;
    }
}
