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

/** What a publish request holds, as drafts. */
final class GripItemReader {

    private static final int MOST_ITEMS = 1_000;
    private static final List<String> TEXTS = List.of("action", "content", "content-bin", "reason", "body", "body-bin");
    private static final List<String> OTHERS = List.of("code", "headers", "content-filters");

    private GripItemReader() {}

    /**
     * Reads the body of a publish request, {@code {"items":[{"channel":…,"formats":{"http-stream":{"content":…}}}]}}, into
     * what the journal keeps of it: an event for each mode that an item has a format for. The formats may also stand in
     * the item itself, as older publishers write them. An item without a format for anybody here is for nobody.
     *
     * @throws ProblemException {@code malformed-json}, {@code invalid-body} or {@code invalid-topic}
     */
    static List<Draft> drafts(Buffer body) {
        JsonText request = JsonText.parse(JsonText.decode(body.getBytes()));
        if (!request.isObject()) {
            throw invalid("the body is an object with items");
        }
        JsonArray items = array(new JsonObject(request.toString()));
        List<Draft> drafts = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            if (!(items.getValue(i) instanceof JsonObject item)
                    || !(item.getValue("channel") instanceof String channel)) {
                throw invalid("items[" + i + "] needs a channel");
            }
            for (Mode mode : Mode.values()) {
                Optional<JsonObject> format = format(item, mode);
                if (format.isPresent()) {
                    JsonText kept = kept(item, format.get(), mode, "items[" + i + "]." + mode.format());
                    drafts.add(new Draft(GripChannel.topic(channel), mode.type(), Optional.empty(), kept));
                }
            }
        }
        return drafts;
    }

    private static JsonArray array(JsonObject request) {
        if (!(request.getValue("items") instanceof JsonArray items) || items.size() > MOST_ITEMS) {
            throw invalid("items is an array of at most " + MOST_ITEMS);
        }
        return items;
    }

    private static Optional<JsonObject> format(JsonObject item, Mode mode) {
        Object formats = item.getValue("formats");
        Object format = (formats instanceof JsonObject named ? named : item).getValue(mode.format());
        return format instanceof JsonObject object ? Optional.of(object) : Optional.empty();
    }

    private static JsonText kept(JsonObject item, JsonObject format, Mode mode, String at) {
        if (format.containsKey("body-patch")) {
            throw invalid(at + ".body-patch: an origin's own answer is not patched here");
        }
        JsonObject kept = new JsonObject();
        for (String name : TEXTS) {
            if (format.getValue(name) != null && !(format.getValue(name) instanceof String)) {
                throw invalid(at + "." + name + " is a string");
            }
        }
        Stream.concat(TEXTS.stream(), OTHERS.stream()).forEach(name -> copy(format, name, kept));
        List.of("id", "meta").forEach(name -> copy(item, name, kept));
        try {
            GripItem.of(kept, mode);
        } catch (ClassCastException otherType) {
            throw invalid(at + " has a member of another type");
        } catch (IllegalArgumentException unfit) {
            throw invalid(at + ": " + unfit.getMessage());
        }
        return JsonText.parse(kept.encode());
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
