package io.tidegate.kind;

import io.tidegate.event.Cursor;
import io.tidegate.journal.Durability;
import io.tidegate.problem.Problem;
import io.vertx.core.json.JsonObject;
import java.util.Optional;

/** The reply to a {@link Command}. */
public sealed interface Outcome {

    /**
     * The command was carried out and committed.
     *
     * @param status the HTTP status
     * @param key the member's key
     * @param body the member after the change
     * @param cursor the position after the change
     * @param durability the durability of the commit; empty if there was nothing to commit
     */
    record Done(int status, String key, JsonObject body, Cursor cursor, Optional<Durability> durability)
            implements Outcome {}

    /**
     * The command was refused. Nothing was committed, except possibly if the problem is that the journal did not
     * confirm the commit.
     */
    record Refused(Problem problem) implements Outcome {}
}
