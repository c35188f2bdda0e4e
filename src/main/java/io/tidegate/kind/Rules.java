package io.tidegate.kind;

import io.tidegate.problem.ProblemException;
import io.vertx.core.json.JsonObject;
import java.util.Optional;

/**
 * The rules of one kind. They have no side effects and do not depend on Vert.x. Called on the event loop of the kind's
 * verticle.
 */
public interface Rules {

    /**
     * Returns the key of the member that the command changes. Commands with the same key run one after another, and
     * each sees the result of the previous one. For a command that creates a member, this method may choose the key.
     *
     * @throws ProblemException if the key is missing or invalid
     */
    String keyOf(Command command);

    /**
     * Decides on a command.
     *
     * @param key the key returned by {@link #keyOf}
     * @param current a copy of the current member; empty if the member does not exist
     * @throws ProblemException if the command is not allowed; in this case, nothing is committed
     */
    Decision decide(Command command, String key, Optional<JsonObject> current);
}
