package io.tidegate.delivery.sse;

import io.tidegate.problem.Problem;
import java.time.Instant;

/** Whether one more stream may be opened: asked last, right before its head. */
public sealed interface Admission {

    /** Yes, and whose it is. A stream keeps this as long as it is open, so it should be small. */
    non-sealed interface Owner extends Admission {

        /** Grows with each stream of the node. */
        long number();

        String subject();

        /** Where the client is. */
        String address();

        Instant since();

        /** The stream has ended, or never began; may be called again. */
        void release();
    }

    /** No; an EventSource is told in-band. */
    record Refused(Problem problem) implements Admission {}
}
