package io.tidegate.kind;

import io.tidegate.event.Draft;
import io.vertx.core.json.JsonObject;
import java.util.List;

/**
 * The result of the rules for a command that is allowed.
 *
 * @param drafts the events to commit; empty if the command changes nothing
 * @param status the HTTP status of the response once they are committed
 * @param body the body of the response: the member after the change
 */
public record Decision(List<Draft> drafts, int status, JsonObject body) {

    public Decision {
        drafts = List.copyOf(drafts);
    }
}
