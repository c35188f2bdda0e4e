package io.tidegate.sse;

import io.tidegate.journal.Standing;

/** Learns what happens to streams, on their event loops. */
public interface StreamListener {

    StreamListener NONE = new StreamListener() {};

    default void opened() {}

    default void closed(CloseReason reason) {}

    /** A client came back with a cursor. */
    default void resumed(Standing standing) {}

    /** So many events were handed to sockets, counted once for each stream. */
    default void transmitted(long events) {}
}
