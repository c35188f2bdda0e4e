package io.tidegate.kind;

import io.tidegate.event.Draft;
import io.vertx.core.json.JsonObject;
import java.util.List;

/**
 * What the rules made of a command that is allowed.
 *
 * @param drafts what to commit; empty when the command changes nothing
 * @param status the HTTP status to answer with once they are committed
 * @param body what to answer with, the member as it then is
 */
public record Decision(List<Draft> drafts, int status, JsonObject body) {

    public Decision {
        drafts = List.copyOf(drafts);
    }
}
