package io.tidegate.delivery.poll;

import io.tidegate.event.Cursor;
import io.tidegate.event.Kind;
import io.tidegate.event.Selection;
import io.tidegate.journal.ResumeStatus;
import java.util.Optional;
import java.util.Set;

/**
 * The part of a page that tells a client whether it could resume from its cursor.
 *
 * @param oldest the oldest readable position; written unless {@code status} is {@link ResumeStatus#CONTINUED}
 * @param snapshot the path of the list that contains the current state, written under the same condition; empty if
 *     there is no such list
 */
record Resume(ResumeStatus status, Cursor oldest, Optional<String> snapshot) {

    /**
     * Returns the kind whose list contains the current state of a selection, or empty if no single list contains it.
     */
    static Optional<Kind> snapshotOf(Selection selection) {
        Set<Kind> kinds = selection.kinds();
        return kinds.size() == 1 ? kinds.stream().filter(Kind::hasMembers).findFirst() : Optional.empty();
    }
}
