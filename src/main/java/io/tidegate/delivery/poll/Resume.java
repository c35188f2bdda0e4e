package io.tidegate.delivery.poll;

import io.tidegate.event.Cursor;
import io.tidegate.event.Kind;
import io.tidegate.event.Selection;
import io.tidegate.journal.ResumeStatus;
import java.util.Optional;
import java.util.Set;

/**
 * What a page says to a client that came back with a cursor.
 *
 * @param oldest where what is left begins; told unless {@code standing} is {@link ResumeStatus#CONTINUED}
 * @param snapshot path of the current state, told likewise; empty where no list holds it
 */
record Resume(ResumeStatus standing, Cursor oldest, Optional<String> snapshot) {

    /** The path of the list that makes up for events of a selection that are gone; empty where it takes more than one. */
    static Optional<String> snapshotOf(Selection selection) {
        Set<Kind> kinds = selection.kinds();
        return kinds.size() == 1
                ? kinds.stream().filter(Kind::hasMembers).findFirst().map(kind -> "/api/" + kind.plural())
                : Optional.empty();
    }
}
