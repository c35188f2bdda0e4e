package io.tidegate.kind.item;

import io.tidegate.event.Draft;
import io.tidegate.event.JsonText;
import io.tidegate.event.Kind;
import io.tidegate.event.Topic;
import io.tidegate.event.Verb;
import io.tidegate.kind.Command;
import io.tidegate.kind.Decision;
import io.tidegate.kind.Rules;
import io.tidegate.problem.Code;
import io.tidegate.problem.Problem;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;

/**
 * The rules for the state of the server that owns the items. The state is an object that is replaced as a whole and
 * published unchanged. Replacing it is the only command of {@link Kind#OTHER}.
 */
public final class ServerStateRules implements Rules {

    public static final Topic TOPIC = new Topic("server");

    @Override
    public String keyOf(Command command) {
        return "state";
    }

    /**
     * Decides on a command without regard to {@code current}, because another topic of the same kind may use the same
     * key.
     */
    @Override
    public Decision decide(Command command, String key, Optional<JsonObject> current) {
        if (command.verb() != Verb.PUT) {
            throw Problem.of(Code.METHOD_NOT_ALLOWED, "the method for the state of the server must be PUT")
                    .toException();
        }
        Draft draft = Draft.of(TOPIC.name(), "server.state_changed", key, JsonText.of(command.body()));
        return new Decision(List.of(draft), 200, command.body());
    }
}
