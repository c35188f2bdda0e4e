package io.tidegate.kind;

import io.tidegate.event.Cursor;
import io.tidegate.journal.Durability;
import io.tidegate.problem.Problem;
import io.vertx.core.json.JsonObject;
import java.util.Optional;

/** The answer to a {@link Command}. */
public sealed interface Outcome {

    /**
     * Done and committed.
     *
     * @param status the HTTP status
     * @param key the member's key
     * @param body the member as it is now
     * @param cursor the position after the change
     * @param durability what the commit promises; empty when there was nothing to commit
     */
    record Done(int status, String key, JsonObject body, Cursor cursor, Optional<Durability> durability)
            implements Outcome {}

    /** Not done; nothing was committed, unless the problem is that the journal did not confirm. */
    record Refused(Problem problem) implements Outcome {}
}
