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
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * An item published to a channel, in the format for clients of one mode.
 *
 * @param meta the values that filters compare
 * @param contentFilters if present, the item is only for clients whose content-changing filters on the channel are
 *     exactly these; if empty, it is for all clients
 * @param content the bytes for a stream, sent unchanged
 * @param close whether a stream ends after the content, or the wait for a response ends without one
 * @param reply the response, for clients that wait for one
 */
record GripItem(
        Map<String, String> meta,
        Optional<Set<Filter>> contentFilters,
        Buffer content,
        boolean close,
        Optional<HeldReply> reply) {

    /**
     * Parses an event's data, which has the form that {@link GripItemReader} writes.
     *
     * @throws IllegalArgumentException if the data is not a valid item; the message contains the reason
     * @throws ClassCastException if a member has the wrong type
     */
    static GripItem of(JsonText stored, Mode mode) {
        if (!stored.isObject()) {
            throw new IllegalArgumentException("an item must be an object");
        }
        return of(stored.object(), mode);
    }

    static GripItem of(JsonObject given, Mode mode) {
        JsonObject stored = present(given);
        String action = stored.getString("action", "send");
        Optional<Set<Filter>> filters =
                Optional.ofNullable(stored.getJsonArray("content-filters")).map(GripItem::contentFilters);
        Map<String, String> meta = meta(stored.getJsonObject("meta", new JsonObject()));
        if (mode == Mode.STREAM) {
            // A hint tells the client to fetch data elsewhere. A stream cannot express a hint, which would be lost
            // silently.
            requireAction(action, List.of("send", "close"));
            return new GripItem(
                    meta, filters, bytes(stored, "content", "content-bin"), action.equals("close"), Optional.empty());
        }
        requireAction(action, List.of("send", "hint"));
        boolean hint = action.equals("hint");
        return new GripItem(
                meta, filters, Buffer.buffer(), hint, hint ? Optional.empty() : Optional.of(HeldReply.parse(stored)));
    }

    /** Returns a copy of this item in which the content and the body of the reply are changed. */
    GripItem with(UnaryOperator<Buffer> change) {
        return new GripItem(
                meta,
                contentFilters,
                change.apply(content),
                close,
                reply.map(response -> response.with(change.apply(response.body()))));
    }

    /** Returns a copy of the object without null members, which are treated as missing. Arrays are not changed. */
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

    /**
     * Returns the bytes that the object contains: either the text in the first member or the decoded base64 in the
     * second.
     */
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

    private static Set<Filter> contentFilters(JsonArray names) {
        Set<Filter> filters =
                names.stream().map(name -> Filter.named(String.valueOf(name))).collect(Collectors.toUnmodifiableSet());
        if (!filters.stream().allMatch(Filter::changesContent)) {
            throw new IllegalArgumentException("content-filters must contain only filters that change content");
        }
        return filters;
    }

    private static void requireAction(String action, List<String> actions) {
        if (!actions.contains(action)) {
            throw new IllegalArgumentException("action must be " + String.join(" or ", actions));
        }
    }
}
