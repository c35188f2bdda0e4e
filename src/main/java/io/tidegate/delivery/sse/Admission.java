package io.tidegate.delivery.sse;

import io.tidegate.edge.overload.OutgoingMemory;
import io.tidegate.problem.Problem;
import java.time.Instant;

/**
 * The decision whether another stream may be opened. It is made last, immediately before the response head is written.
 */
public sealed interface Admission {

    /**
     * Permits the stream and identifies its owner. A stream retains this object for as long as it is open, so the
     * object should be small.
     */
    non-sealed interface Owner extends Admission {

        /** Returns the number of the stream. Numbers increase with each stream that the node opens. */
        long number();

        String subject();

        /** Returns the client's address. */
        String address();

        /** Returns a name for the client that consists of its subject and address. */
        default OutgoingMemory.Recipient client() {
            return new OutgoingMemory.Recipient(subject(), address());
        }

        Instant since();

        /**
         * Releases the stream's admission. Must be called when the stream has ended or could not be opened; may be
         * called more than once.
         */
        void release();
    }

    /** Refuses the stream. An EventSource is informed by an event; see {@link StreamHandlers#refuse}. */
    record Refused(Problem problem) implements Admission {}
}
