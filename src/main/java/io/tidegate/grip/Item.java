package io.tidegate.grip;

import io.tidegate.event.Draft;
import io.tidegate.event.Event;
import io.tidegate.event.JsonText;
import io.tidegate.problem.Code;
import io.tidegate.problem.Problem;
import io.tidegate.problem.ProblemException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is published to a channel for its streams: bytes, or that they end.
 *
 * @param content bytes as they are, or none
 * @param close whether the streams end behind it
 */
record Item(Buffer content, boolean close) {

    private static final int MOST_ITEMS = 1_000;
    private static final String FORMAT = "http-stream";

    /**
     * Reads the body of a publish request, {@code {"items":[{"channel":…,"formats":{"http-stream":{"content":…}}}]}}, into
     * what the journal keeps of it. The formats may also stand in the item itself, as older publishers write them. An item
     * without a format for streams is for nobody here.
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
            int index = i;
            format(item)
                    .ifPresent(format -> drafts.add(new Draft(
                            Channel.topic(channel), Channel.STREAM, Optional.empty(), checked(format, index))));
        }
        return drafts;
    }

    private static JsonArray array(JsonObject request) {
        if (!(request.getValue("items") instanceof JsonArray items) || items.size() > MOST_ITEMS) {
            throw invalid("items is an array of at most " + MOST_ITEMS);
        }
        return items;
    }

    private static Optional<JsonObject> format(JsonObject item) {
        Object formats = item.getValue("formats");
        Object format = (formats instanceof JsonObject named ? named : item).getValue(FORMAT);
        return format instanceof JsonObject object ? Optional.of(object) : Optional.empty();
    }

    private static JsonText checked(JsonObject format, int index) {
        JsonObject kept = new JsonObject();
        for (String name : List.of("content", "content-bin", "action")) {
            Object value = format.getValue(name);
            if (value != null && !(value instanceof String)) {
                throw invalid("items[" + index + "]." + FORMAT + "." + name + " is a string");
            }
            if (value != null) {
                kept.put(name, value);
            }
        }
        try {
            of(kept);
        } catch (IllegalArgumentException unfit) {
            throw invalid("items[" + index + "]." + FORMAT + ": " + unfit.getMessage());
        }
        return JsonText.parse(kept.encode());
    }

    /** What an event of a channel says; empty when somebody published what is none. */
    static Optional<Item> of(Event event) {
        try {
            return Optional.of(of(new JsonObject(event.data().toString())));
        } catch (DecodeException | IllegalArgumentException | ClassCastException notOfOurs) {
            return Optional.empty();
        }
    }

    private static Item of(JsonObject format) {
        String bytes = format.getString("content-bin");
        String text = format.getString("content", "");
        String action = format.getString("action", "send");
        if (!List.of("send", "close", "hint").contains(action)) {
            throw new IllegalArgumentException("the actions are send, close and hint");
        }
        Map<String, Buffer> none = Map.of("hint", Buffer.buffer());
        Buffer content = bytes == null
                ? Buffer.buffer(text)
                : Buffer.buffer(Base64.getDecoder().decode(bytes));
        return new Item(none.getOrDefault(action, content), action.equals("close"));
    }

    private static ProblemException invalid(String detail) {
        return Problem.of(Code.INVALID_BODY, detail).toException();
    }
}
