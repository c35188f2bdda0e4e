package io.tidegate.delivery.sse;

import io.tidegate.event.Cursor;
import io.tidegate.event.Event;
import io.tidegate.event.Selection;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What one stream is to be.
 *
 * @param what selection, framing and end, which it may share with others
 * @param from where it reads on from; empty means from now on
 * @param resumed whether {@code from} is a client's own cursor, whose standing it is to be told
 * @param expires when its token ends
 */
record StreamRequest(What what, Optional<Cursor> from, boolean resumed, Instant expires) {

    /**
     * What streams of one group have in common.
     *
     * @param snapshotPath where the state can be fetched after a gap; empty where there is none
     * @param last whether an event is the last that such a stream will ever have, compared by identity; empty
     *     for a stream without an end
     * @param latest whether a reader that was behind gets, of each key, only the newest event
     */
    record What(
            Selection selection,
            Framing framing,
            String snapshotPath,
            Optional<Predicate<Event>> last,
            boolean latest) {}
}
