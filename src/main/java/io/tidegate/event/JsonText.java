package io.tidegate.event;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import io.tidegate.problem.Code;
import io.tidegate.problem.Problem;
import io.tidegate.problem.ProblemException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One JSON value on one line: known to be well formed, without white space between tokens, and therefore without a CR
 * or LF that could end an SSE {@code data:} line. Numbers keep the digits they were published with, and every string
 * can be written as UTF-8 without a loss.
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

    /** For values of our own, which hold those of clients and are a little deeper. */
    private static final JsonFactory OWN = new JsonFactory();
    /** What the parser adds about itself, which means nothing to a client. */
    private static final Pattern INTERNALS = Pattern.compile(" \\([^(]*\\[Source.*| \\(not recognized.*|: enable .*");

    private static final int MAX_REASON = 200;

    private final String text;

    private JsonText(String text) {
        this.text = text;
    }

    /**
     * Decodes the bytes of a request body strictly, as
     * <a href="https://www.rfc-editor.org/rfc/rfc8259#section-8.1">RFC 8259</a> wants them.
     *
     * @throws ProblemException {@code malformed-json} when they are not UTF-8
     */
    public static String decode(byte[] utf8) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(utf8))
                    .toString();
        } catch (CharacterCodingException e) {
            throw malformed("the body is not UTF-8");
        }
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
                if (token.isNumeric()) {
                    copyNumber(parser, token, generator);
                } else {
                    generator.copyCurrentEventExact(parser);
                }
                depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
                if (depth == 0) {
                    break;
                }
            }
        }
        return new JsonText(wellFormed(out.toString()));
    }

    public static JsonText of(JsonObject object) {
        return new JsonText(wellFormed(object.encode()));
    }

    /** Takes text that {@link #toString()} gave earlier, from storage of our own, without reading it again. */
    public static JsonText trusted(String text) {
        return new JsonText(text);
    }

    public boolean isObject() {
        return text.startsWith("{");
    }

    /** The value as an object, a new one each time, with exact numbers; only for a value that {@link #isObject()}. */
    public JsonObject object() {
        try (JsonParser parser = OWN.createParser(text)) {
            parser.nextToken();
            return new JsonObject(members(parser));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The text of a member that is a string, number or boolean; only for a value that {@link #isObject()}. */
    public Optional<String> scalar(String member) {
        try (JsonParser parser = JSON.createParser(text)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                boolean wanted = parser.currentName().equals(member);
                JsonToken value = parser.nextToken();
                if (wanted) {
                    return value.isScalarValue() && value != JsonToken.VALUE_NULL
                            ? Optional.of(parser.getText())
                            : Optional.empty();
                }
                parser.skipChildren();
            }
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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

    /** What to tell a client of a parser's failure, and where it was: nothing of the source, nothing of the parser. */
    public static String reason(IOException e) {
        if (e instanceof StreamConstraintsException) {
            return "it is nested too deeply, or has a number or name that is too long";
        }
        if (!(e instanceof JsonProcessingException json) || json.getOriginalMessage() == null) {
            return "unreadable";
        }
        String message = INTERNALS.matcher(json.getOriginalMessage()).replaceFirst("");
        String brief = message.length() > MAX_REASON ? message.substring(0, MAX_REASON) + "…" : message;
        JsonLocation place = json.getLocation();
        if (place == null) {
            return brief;
        }
        String line = place.getLineNr() > 1 ? "line " + place.getLineNr() + ", " : "";
        return brief + " (" + line + "column " + place.getColumnNr() + ")";
    }

    private static Map<String, Object> members(JsonParser parser) throws IOException {
        Map<String, Object> members = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            parser.nextToken();
            members.put(name, value(parser));
        }
        return members;
    }

    private static List<Object> elements(JsonParser parser) throws IOException {
        List<Object> elements = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            elements.add(value(parser));
        }
        return elements;
    }

    private static @Nullable Object value(JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> members(parser);
            case START_ARRAY -> elements(parser);
            case VALUE_NUMBER_INT -> parser.getNumberValue();
            case VALUE_NUMBER_FLOAT -> parser.getDecimalValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            default -> parser.getText();
        };
    }

    /** Copies the digits as they stand, once it is known that {@link #object()} can hold their value. */
    private static void copyNumber(JsonParser parser, JsonToken token, JsonGenerator generator) throws IOException {
        if (token == JsonToken.VALUE_NUMBER_FLOAT) {
            try {
                parser.getDecimalValue();
            } catch (NumberFormatException e) {
                throw malformed("the exponent of a number is too large");
            }
        }
        generator.writeNumber(parser.getText());
    }

    /** Writes the half of a surrogate pair as an escape, because UTF-8 has no form for it. */
    private static String wellFormed(String json) {
        StringBuilder fixed = null;
        int copied = 0;
        for (int i = 0; i < json.length(); i++) {
            if (!Character.isSurrogate(json.charAt(i))) {
                continue;
            }
            if (i + 1 < json.length() && Character.isSurrogatePair(json.charAt(i), json.charAt(i + 1))) {
                i++;
                continue;
            }
            fixed = fixed == null ? new StringBuilder(json.length() + 16) : fixed;
            fixed.append(json, copied, i).append(String.format("\\u%04x", (int) json.charAt(i)));
            copied = i + 1;
        }
        return fixed == null ? json : fixed.append(json, copied, json.length()).toString();
    }
}
