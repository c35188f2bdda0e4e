package io.tidegate.kind;

import io.tidegate.event.Kind;
import io.tidegate.event.Verb;
import io.vertx.core.json.JsonObject;

/**
 * A command that changes a member of a kind. It is sent to the event bus address {@link #address(Kind)}, and the reply
 * is an {@link Outcome}. Must be treated as immutable: {@code body} must not be modified after the command has been
 * sent.
 *
 * @param verb the effect of the command on the member
 * @param key the key of the member; empty if the kind chooses the key
 * @param body the JSON object in the request body; empty if the request had no body
 */
public record Command(Verb verb, String key, JsonObject body) {

    public static String address(Kind kind) {
        return "commands." + kind.plural();
    }
}
