package io.tidegate.delivery.sse;

import io.tidegate.problem.Problem;
import java.time.Instant;

/**
 * The decision whether another stream may be opened. It is made last, immediately before the head of the response is
 * written.
 */
public sealed interface Admission {

    /**
     * Permits the stream and identifies its owner. A stream keeps this object as long as it is open, so it should be
     * small.
     */
    non-sealed interface Owner extends Admission {

        /** Returns the number of the stream, which increases with each stream of the node. */
        long number();

        String subject();

        /** Returns the address of the client. */
        String address();

        /** Returns the client: its subject and address. */
        default String client() {
            return subject() + " " + address();
        }

        Instant since();

        /** Must be called when the stream has ended or could not be opened, and may be called more than once. */
        void release();
    }

    /** Refuses the stream. An EventSource is informed by an event, see {@link StreamHandlers#refuse}. */
    record Refused(Problem problem) implements Admission {}
}
