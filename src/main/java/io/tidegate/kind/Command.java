package io.tidegate.kind;

import io.tidegate.event.Kind;
import io.tidegate.event.Verb;
import io.vertx.core.json.JsonObject;

/**
 * A command that changes one member of a kind. It is sent to the event bus address {@link #address(Kind)}, and the
 * reply is an {@link Outcome}. Treat it as immutable: {@code body} must not be modified after the command was sent.
 *
 * @param verb the verb of the command
 * @param key the key of the member; empty if the kind chooses the key
 * @param body the JSON object of the request; empty if the request had none
 */
public record Command(Verb verb, String key, JsonObject body) {

    public static String address(Kind kind) {
        return "commands." + kind.plural();
    }
}
