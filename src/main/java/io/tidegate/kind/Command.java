package io.tidegate.kind;

import io.tidegate.event.Kind;
import io.tidegate.event.Verb;
import io.vertx.core.json.JsonObject;

/**
 * A request to change one member of a kind, on the event bus address {@link #address(Kind)}; the answer is an
 * {@link Outcome}. Treated as immutable: nobody changes {@code body} after it was sent.
 *
 * @param verb what to do
 * @param key whom to do it to; empty where the kind chooses the key itself
 * @param body the request's JSON object, empty when it had none
 */
public record Command(Verb verb, String key, JsonObject body) {

    public static String address(Kind kind) {
        return "commands." + kind.plural();
    }
}
