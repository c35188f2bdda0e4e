package io.tidegate.publish;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.tidegate.edge.message.MediaType;
import io.tidegate.event.Draft;
import io.tidegate.event.EventType;
import io.tidegate.event.JsonText;
import io.tidegate.event.Topic;
import io.tidegate.journal.IdempotencyKey;
import io.tidegate.problem.Code;
import io.tidegate.problem.Problem;
import io.tidegate.problem.ProblemException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Parses the drafts in a request body: an object, an array of objects, or NDJSON with one object per line. The data is
 * copied from the parser to the draft without building a tree. Each call of {@link #read} uses its own instance.
 */
final class DraftReader {

    private static final int MAX_DRAFTS = 1000;
    private static final int MAX_NAME = 64;
    private static final Set<String> LINES = Set.of("application/x-ndjson", "application/ndjson", "application/jsonl");

    private final List<Draft> drafts = new ArrayList<>();
    private final Map<Integer, String> ids = new HashMap<>();

    private DraftReader() {}

    /**
     * The content of a request body.
     *
     * @param drafts the drafts, at least one
     * @param ids the {@code id} of each draft that has one, keyed by the index of the draft
     */
    record Body(List<Draft> drafts, Map<Integer, String> ids) {}

    /**
     * Reads all drafts in a body, which must contain 1 to 1,000 drafts.
     *
     * @throws ProblemException for the first error; its detail names the index or line
     */
    static Body read(MediaType type, byte[] body) {
        boolean lines = LINES.contains(type.name());
        if (!lines && !type.equals(MediaType.JSON)) {
            throw Problem.of(Code.UNSUPPORTED_MEDIA_TYPE, "the body must be application/json or application/x-ndjson")
                    .toException();
        }
        String text = JsonText.decode(body);
        DraftReader reader = new DraftReader();
        if (lines) {
            reader.readLines(text.lines().iterator());
        } else {
            reader.readJson(text);
        }
        if (reader.drafts.isEmpty()) {
            throw invalid("the body must contain at least one event");
        }
        return new Body(reader.drafts, reader.ids);
    }

    private void readLines(Iterator<String> lines) {
        for (int number = 1; lines.hasNext(); number++) {
            String line = lines.next();
            if (!line.isBlank()) {
                at("line " + number, () -> {
                    try (JsonParser parser = JsonText.JSON.createParser(line)) {
                        parser.nextToken();
                        add(parser);
                        expectEnd(parser);
                    }
                });
            }
        }
    }

    private void readJson(String text) {
        at("", () -> {
            try (JsonParser parser = JsonText.JSON.createParser(text)) {
                JsonToken first = parser.nextToken();
                if (first == null) {
                    throw invalid("the body must not be empty");
                }
                if (first == JsonToken.START_ARRAY) {
                    readArray(parser);
                } else {
                    add(parser);
                }
                expectEnd(parser);
            }
        });
    }

    private void readArray(JsonParser parser) throws IOException {
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            at("index " + drafts.size(), () -> add(parser));
        }
    }

    private void add(JsonParser parser) throws IOException {
        if (drafts.size() == MAX_DRAFTS) {
            throw invalid("a request must not contain more than " + MAX_DRAFTS + " events");
        }
        Draft draft = draft(parser);
        draft.checkMember();
        drafts.add(draft);
    }

    private Draft draft(JsonParser parser) throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw invalid("an event must be an object");
        }
        String topic = null;
        String type = null;
        String key = null;
        JsonText data = null;
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            parser.nextToken();
            switch (name) {
                case "topic" -> topic = string(name, parser);
                case "type" -> type = string(name, parser);
                case "key" -> key = parser.currentToken() == JsonToken.VALUE_NULL ? null : string(name, parser);
                case "id" -> ids.put(drafts.size(), id(parser));
                case "data" -> data = JsonText.next(parser);
                default -> throw invalid("unknown member " + abbreviate(name));
            }
        }
        Optional<String> identity = Optional.ofNullable(key);
        String topicName = required("topic", topic);
        String typeName = required("type", type);
        JsonText content = required("data", data);
        return new Draft(new Topic(topicName), new EventType(typeName), identity, content);
    }

    private static String id(JsonParser parser) throws IOException {
        String id = string("id", parser);
        if (!IdempotencyKey.isName(id)) {
            throw invalid("id must have 1 to 255 visible ASCII characters");
        }
        return id;
    }

    private static String string(String name, JsonParser parser) throws IOException {
        if (parser.currentToken() != JsonToken.VALUE_STRING) {
            throw invalid(name + " must be a string");
        }
        return parser.getText();
    }

    private static <T> T required(String name, @Nullable T value) {
        if (value == null) {
            throw invalid(name + " is required");
        }
        return value;
    }

    private static void expectEnd(JsonParser parser) throws IOException {
        if (parser.nextToken() != null) {
            throw JsonText.malformed("unexpected content after the end");
        }
    }

    private static String abbreviate(String name) {
        return name.length() > MAX_NAME ? name.substring(0, MAX_NAME) + "…" : name;
    }

    private static ProblemException invalid(String detail) {
        return Problem.of(Code.INVALID_BODY, detail).toException();
    }

    /** Runs a step. If the step refuses the body, prefixes the problem's detail with the place in the body. */
    private static void at(String place, Step step) {
        Problem problem;
        try {
            step.run();
            return;
        } catch (ProblemException refused) {
            problem = refused.problem();
        } catch (IOException malformed) {
            problem = Problem.of(Code.MALFORMED_JSON, JsonText.reason(malformed));
        }
        String detail = place.isEmpty() ? problem.detail() : place + ": " + problem.detail();
        throw Problem.of(problem.code(), detail).toException();
    }

    private interface Step {
        void run() throws IOException;
    }
}
