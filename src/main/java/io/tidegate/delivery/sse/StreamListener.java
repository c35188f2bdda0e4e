package io.tidegate.delivery.sse;

import io.tidegate.event.Kind;
import io.tidegate.journal.ResumeStatus;
import io.tidegate.problem.Code;

/**
 * Learns what happens to streams, on their event loops. A stream that shows more than one kind counts as
 * {@link Kind#OTHER}.
 */
public interface StreamListener {

    StreamListener NONE = new StreamListener() {};

    default void opened(Kind kind) {}

    default void closed(Kind kind, CloseReason reason) {}

    /** A client came back with a cursor, or a stream had to pass over a gap. */
    default void resumed(Kind kind, ResumeStatus standing) {}

    /** A client was told inside a stream that it gets none. */
    default void refusedInBand(Code code) {}

    /** So many events were handed to sockets, counted once for each stream. */
    default void transmitted(long events) {}
}
