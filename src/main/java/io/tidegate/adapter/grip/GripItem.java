package io.tidegate.adapter.grip;

import io.tidegate.event.JsonText;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What was published to a channel for its clients of one mode.
 *
 * @param meta what filters go by
 * @param variables whether it is for those alone whose variables are substituted
 * @param content bytes for a stream, as they are
 * @param close whether a stream ends behind it, or a response is not waited for any longer
 * @param reply the response that was waited for
 */
record GripItem(Map<String, String> meta, boolean variables, Buffer content, boolean close, Optional<HeldReply> reply) {

    /**
     * Reads what {@link GripItemReader} keeps of an item.
     *
     * @throws IllegalArgumentException or {@link ClassCastException} when it is none; the message of the former says why
     */
    static GripItem of(JsonText kept, Mode mode) {
        if (!kept.isObject()) {
            throw new IllegalArgumentException("it is no object");
        }
        return of(kept.object(), mode);
    }

    static GripItem of(JsonObject given, Mode mode) {
        JsonObject kept = present(given);
        String action = kept.getString("action", "send");
        boolean variables = variables(kept.getJsonArray("content-filters", new JsonArray()));
        Map<String, String> meta = meta(kept.getJsonObject("meta", new JsonObject()));
        if (mode == Mode.STREAM) {
            // What has no form here would be lost in silence: a hint says that there is something to fetch elsewhere.
            allow(action, List.of("send", "close"));
            return new GripItem(
                    meta, variables, bytes(kept, "content", "content-bin"), action.equals("close"), Optional.empty());
        }
        allow(action, List.of("send", "hint"));
        boolean hint = action.equals("hint");
        return new GripItem(
                meta, variables, Buffer.buffer(), hint, hint ? Optional.empty() : Optional.of(HeldReply.parse(kept)));
    }

    /**
     * The same for a client with these values.
     *
     * @throws IllegalArgumentException when it wants one that is not among them
     */
    GripItem with(Map<String, String> values) {
        return new GripItem(
                meta,
                variables,
                Filter.substituted(content, values),
                close,
                reply.map(answer -> answer.with(Filter.substituted(answer.body(), values))));
    }

    /** The same without members that are null, which are read as if they were not there; arrays stay as they are. */
    static JsonObject present(JsonObject object) {
        JsonObject present = new JsonObject();
        object.fieldNames().forEach(name -> {
            Object value = object.getValue(name);
            if (value != null) {
                present.put(name, value instanceof JsonObject inner ? present(inner) : value);
            }
        });
        return present;
    }

    /** What stands as text under the first name, or as base64 under the second. */
    static Buffer bytes(JsonObject object, String text, String binary) {
        String encoded = object.getString(binary);
        return encoded == null
                ? Buffer.buffer(object.getString(text, ""))
                : Buffer.buffer(Base64.getDecoder().decode(encoded));
    }

    static Map<String, String> meta(JsonObject object) {
        Map<String, String> meta = new HashMap<>();
        object.fieldNames().forEach(name -> meta.put(name, object.getString(name, "")));
        return meta;
    }

    private static boolean variables(JsonArray filters) {
        if (filters.stream().anyMatch(filter -> !Filter.VAR_SUBST.text().equals(filter))) {
            throw new IllegalArgumentException("the only filter of content is var-subst");
        }
        return !filters.isEmpty();
    }

    private static void allow(String action, List<String> actions) {
        if (!actions.contains(action)) {
            throw new IllegalArgumentException("the actions are " + String.join(" and ", actions));
        }
    }
}
