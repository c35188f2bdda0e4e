package io.tidegate.event.bus;

import io.tidegate.event.Cursor;

/**
 * Announces that the history has ended while the node runs, because the storage may have lost events, and that a new
 * epoch has begun. No event after it belongs to an earlier epoch.
 *
 * @param head the position at which the new epoch begins
 */
public record NewEpoch(Cursor head) {

    /** The address to which new epochs are published, by the journal only and before the first batch of the epoch. */
    public static final String ADDRESS = "epoch";
}
