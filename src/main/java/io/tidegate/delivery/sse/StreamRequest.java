package io.tidegate.delivery.sse;

import io.tidegate.event.Cursor;
import io.tidegate.event.Event;
import io.tidegate.event.Selection;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The parameters of one stream.
 *
 * @param what the parameters that all streams of a group share: selection, framing and end
 * @param from the position after which the stream begins; empty means the current position
 * @param resumed whether {@code from} is the cursor of the client, which then receives its resume status
 * @param expires the expiry of the token
 */
record StreamRequest(What what, Optional<Cursor> from, boolean resumed, Instant expires) {

    /**
     * The parameters that the streams of one group have in common.
     *
     * @param snapshotPath the path from which the state can be fetched after a gap; empty if there is none
     * @param last tests whether an event is the last one that such a stream can ever contain, compared by identity;
     *     empty for a stream without an end
     * @param latest whether a stream that was behind receives only the newest event of each key
     */
    record What(
            Selection selection,
            Framing framing,
            String snapshotPath,
            Optional<Predicate<Event>> last,
            boolean latest) {}
}
