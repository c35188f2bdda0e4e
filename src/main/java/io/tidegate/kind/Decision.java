package io.tidegate.kind;

import io.tidegate.event.Draft;
import io.vertx.core.json.JsonObject;
import java.util.List;

/**
 * The decision of the rules about a command that is allowed.
 *
 * @param drafts the events to commit; empty if the command changes nothing
 * @param status the HTTP status of the response after the commit
 * @param body the response body, which is the member after the change
 */
public record Decision(List<Draft> drafts, int status, JsonObject body) {

    public Decision {
        drafts = List.copyOf(drafts);
    }
}
