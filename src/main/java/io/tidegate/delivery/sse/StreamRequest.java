package io.tidegate.delivery.sse;

import io.tidegate.event.Cursor;
import io.tidegate.event.Event;
import io.tidegate.event.Selection;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The parameters of a stream.
 *
 * @param what the parameters that all streams of a group share, such as the selection and the framing
 * @param from the position after which the stream begins; if empty, the current position
 * @param resumed whether {@code from} is the client's cursor, in which case the client receives its resume status
 * @param expires the time at which the caller's token expires
 */
record StreamRequest(What what, Optional<Cursor> from, boolean resumed, Instant expires) {

    /**
     * The parameters that the streams of a group have in common.
     *
     * @param snapshotPath the path from which the current state can be fetched after a gap; empty if no such path exists
     * @param last a test, compared by identity, of whether an event is the last one that a stream of the group can
     *     contain; empty for streams without an end
     * @param latest whether a stream that is behind receives only the newest event of each key
     */
    record What(
            Selection selection,
            Framing framing,
            String snapshotPath,
            Optional<Predicate<Event>> last,
            boolean latest) {}
}
