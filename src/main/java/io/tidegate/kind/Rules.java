package io.tidegate.kind;

import io.tidegate.problem.ProblemException;
import io.vertx.core.json.JsonObject;
import java.util.Optional;

/** The rules of one kind: pure, without Vert.x, called on the kind's event loop. */
public interface Rules {

    /**
     * Names the member that the command is about. Commands with the same key run one after the other, each seeing what
     * the one before did. For a command that creates, this chooses the key.
     *
     * @throws ProblemException when the command names no member and has to
     */
    String keyOf(Command command);

    /**
     * Decides on a command.
     *
     * @param key what {@link #keyOf} gave
     * @param current the member as it is, a copy; empty when there is none
     * @throws ProblemException when the command is not allowed; nothing is committed then
     */
    Decision decide(Command command, String key, Optional<JsonObject> current);
}
