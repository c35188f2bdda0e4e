package io.tidegate.adapter.grip;

import io.tidegate.event.Draft;
import io.tidegate.event.JsonText;
import io.tidegate.problem.Code;
import io.tidegate.problem.Problem;
import io.tidegate.problem.ProblemException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Parses the body of a publish request into drafts. */
final class GripItemReader {

    private static final int MAX_ITEMS = 1_000;
    private static final int MAX_VALUES = 50_000;
    private static final List<String> TEXT_MEMBERS =
            List.of("action", "content", "content-bin", "reason", "body", "body-bin");
    private static final List<String> OTHER_MEMBERS = List.of("code", "headers", "content-filters");

    private GripItemReader() {}

    /**
     * Parses {@code {"items":[{"channel":…,"formats":{"http-stream":{"content":…}}}]}} into one draft for each mode for
     * which an item has a format. The formats may also be members of the item itself, which is how older publishers
     * send them. Items without a format for any mode are ignored.
     *
     * @throws ProblemException {@code malformed-json}, {@code invalid-body}, {@code invalid-topic} or
     *     {@code payload-too-large}
     */
    static List<Draft> drafts(Buffer body) {
        JsonText request = JsonText.parse(JsonText.decode(body.getBytes()));
        if (!request.isObject()) {
            throw invalid("the body must be an object with items");
        }
        JsonArray items = array(request.requireValues(MAX_VALUES).object());
        List<Draft> drafts = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            if (!(items.getValue(i) instanceof JsonObject item)
                    || !(item.getValue("channel") instanceof String channel)) {
                throw invalid("items[" + i + "] must be an object with a channel");
            }
            for (Mode mode : Mode.values()) {
                Optional<JsonObject> format = format(item, mode);
                if (format.isPresent()) {
                    JsonText stored = stored(item, format.get(), mode, "items[" + i + "]." + mode.format());
                    drafts.add(new Draft(GripChannel.topic(channel), mode.type(), Optional.empty(), stored));
                }
            }
        }
        return drafts;
    }

    private static JsonArray array(JsonObject request) {
        if (!(request.getValue("items") instanceof JsonArray items) || items.size() > MAX_ITEMS) {
            throw invalid("items must be an array of at most " + MAX_ITEMS + " items");
        }
        return items;
    }

    private static Optional<JsonObject> format(JsonObject item, Mode mode) {
        Object formats = item.getValue("formats");
        Object format = (formats instanceof JsonObject named ? named : item).getValue(mode.format());
        return format instanceof JsonObject object ? Optional.of(object) : Optional.empty();
    }

    private static JsonText stored(JsonObject item, JsonObject format, Mode mode, String at) {
        if (format.containsKey("body-patch")) {
            throw invalid(at + ".body-patch is not supported");
        }
        JsonObject stored = new JsonObject();
        for (String name : TEXT_MEMBERS) {
            if (format.getValue(name) != null && !(format.getValue(name) instanceof String)) {
                throw invalid(at + "." + name + " must be a string");
            }
        }
        Stream.concat(TEXT_MEMBERS.stream(), OTHER_MEMBERS.stream()).forEach(name -> copy(format, name, stored));
        List.of("id", "meta").forEach(name -> copy(item, name, stored));
        try {
            GripItem.of(stored, mode);
        } catch (ClassCastException otherType) {
            throw invalid(at + " has a member of the wrong type");
        } catch (IllegalArgumentException invalid) {
            throw invalid(at + ": " + invalid.getMessage());
        }
        return JsonText.parse(stored.encode());
    }

    private static void copy(JsonObject from, String name, JsonObject to) {
        if (from.getValue(name) != null) {
            to.put(name, from.getValue(name));
        }
    }

    private static ProblemException invalid(String detail) {
        return Problem.of(Code.INVALID_BODY, detail).toException();
    }
}
