package io.tidegate.delivery.hub;

/** Learns how long events took from their publisher to the sockets. Called on the hub's event loop. */
@FunctionalInterface
public interface HubListener {

    HubListener NONE = nanos -> {};

    /** Every reader has been handed a batch, {@code nanos} after the journal got the oldest draft of it. */
    void delivered(long nanos);
}
