package io.tidegate.event;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.tidegate.problem.Code;
import io.tidegate.problem.Problem;
import io.tidegate.problem.ProblemException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.StringWriter;

/**
 * One JSON value on one line: known to be well formed, without white space between tokens, and therefore without a CR
 * or LF that could end an SSE {@code data:} line. Numbers keep the value they were published with.
 */
public final class JsonText {

    /** Shared by every parser of client JSON, so that all have the same bounds. */
    public static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(100)
                    .maxNumberLength(200)
                    .build())
            .build();

    private final String text;

    private JsonText(String text) {
        this.text = text;
    }

    /**
     * Reads one JSON value and nothing after it.
     *
     * @throws ProblemException {@code malformed-json}
     */
    public static JsonText parse(String json) {
        try (JsonParser parser = JSON.createParser(json)) {
            parser.nextToken();
            JsonText value = next(parser);
            if (parser.nextToken() != null) {
                throw malformed("there is more than one value");
            }
            return value;
        } catch (IOException e) {
            throw malformed(reason(e));
        }
    }

    /** Copies the value that the parser stands on and leaves the parser on its last token. */
    public static JsonText next(JsonParser parser) throws IOException {
        if (parser.currentToken() == null) {
            throw malformed("there is no value");
        }
        StringWriter out = new StringWriter();
        try (JsonGenerator generator = JSON.createGenerator(out)) {
            int depth = 0;
            for (JsonToken token = parser.currentToken(); ; token = parser.nextToken()) {
                if (token == null) {
                    throw malformed("the value ends too early");
                }
                generator.copyCurrentEventExact(parser);
                depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
                if (depth == 0) {
                    break;
                }
            }
        }
        return new JsonText(out.toString());
    }

    public static JsonText of(JsonObject object) {
        return new JsonText(object.encode());
    }

    /** Takes text that {@link #toString()} gave earlier, from storage of our own, without reading it again. */
    public static JsonText trusted(String text) {
        return new JsonText(text);
    }

    public boolean isObject() {
        return text.startsWith("{");
    }

    /** The value as an object; only for a value that {@link #isObject()}. */
    public JsonObject object() {
        return new JsonObject(text);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof JsonText json && json.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }

    public static ProblemException malformed(String detail) {
        return Problem.of(Code.MALFORMED_JSON, detail).toException();
    }

    /** What to tell a client of a parser's failure: its message without the excerpt of the source that it appends. */
    public static String reason(IOException e) {
        String message = e instanceof JsonProcessingException json ? json.getOriginalMessage() : "unreadable";
        return message == null ? "unreadable" : message;
    }
}
