package io.tidegate.adapter.grip;

import io.tidegate.delivery.sse.CloseReason;

/** Learns what happens to held clients, on their event loops. */
public interface HoldListener {

    HoldListener NONE = new HoldListener() {};

    /** A client is held now. */
    default void held(Mode mode) {}

    /** It is no longer; complete for a stream that was closed and a response that was given. */
    default void released(Mode mode, CloseReason reason) {}

    /** An origin asked for what is not done here, and its client got a problem; or an item could not be made out. */
    default void misunderstood() {}
}
