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
 * A well-formed JSON value on a single line. It has no whitespace between tokens and therefore no CR or LF that could
 * end an SSE {@code data:} line. Numbers keep their digits exactly as published, and every string can be encoded as
 * UTF-8 without loss.
 */
public final class JsonText {

    /** The factory of all parsers for JSON from clients, so that the same limits apply everywhere. */
    public static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(100)
                    .maxNumberLength(200)
                    .build())
            .build();

    /**
     * The factory of parsers for values that already are a {@link JsonText}. It has the default nesting limit, because
     * such a value can contain JSON from a client and then be nested a little deeper than the limit for clients.
     */
    private static final JsonFactory LENIENT = new JsonFactory();
    /** Matches details in messages that concern the parser itself, which are irrelevant to clients. */
    private static final Pattern PARSER_DETAILS =
            Pattern.compile(" \\([^(]*\\[Source.*| \\(not recognized.*|: enable .*");

    private static final int MAX_REASON = 200;

    private final String text;

    private JsonText(String text) {
        this.text = text;
    }

    /**
     * Decodes the bytes of a request body strictly, as <a href="https://www.rfc-editor.org/rfc/rfc8259#section-8.1">RFC
     * 8259, section 8.1</a> requires.
     *
     * @throws ProblemException with the code {@code malformed-json} if the bytes are not UTF-8
     */
    public static String decode(byte[] utf8) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(utf8))
                    .toString();
        } catch (CharacterCodingException e) {
            throw malformed("the body must be UTF-8");
        }
    }

    /**
     * Decodes and parses a JSON value that was written by another program. Ignores a byte order mark, as
     * <a href="https://www.rfc-editor.org/rfc/rfc8259#section-8.1">RFC 8259, section 8.1</a> permits.
     *
     * @throws ProblemException with the code {@code malformed-json} if the bytes are not a single JSON value in UTF-8
     */
    public static JsonText parseIgnoringMark(byte[] utf8) {
        String text = decode(utf8);
        return parse(text.startsWith("\uFEFF") ? text.substring(1) : text);
    }

    /**
     * Parses a text that must consist of exactly one JSON value.
     *
     * @throws ProblemException with the code {@code malformed-json} if the text is not a single JSON value
     */
    public static JsonText parse(String json) {
        try (JsonParser parser = JSON.createParser(json)) {
            parser.nextToken();
            JsonText value = next(parser);
            if (parser.nextToken() != null) {
                throw malformed("there must be only one value");
            }
            return value;
        } catch (IOException e) {
            throw malformed(reason(e));
        }
    }

    /**
     * Copies the value at which the parser is positioned and leaves the parser at the last token of the value.
     *
     * @throws ProblemException with the code {@code malformed-json} if there is no complete value
     */
    public static JsonText next(JsonParser parser) throws IOException {
        if (parser.currentToken() == null) {
            throw malformed("a value is missing");
        }
        StringWriter out = new StringWriter();
        try (JsonGenerator generator = JSON.createGenerator(out)) {
            int depth = 0;
            for (JsonToken token = parser.currentToken(); ; token = parser.nextToken()) {
                if (token == null) {
                    throw malformed("the value is incomplete");
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

    /** Wraps a text that was returned by {@link #toString()} and stored by the gateway, without parsing it again. */
    public static JsonText trusted(String text) {
        return new JsonText(text);
    }

    public boolean isObject() {
        return text.startsWith("{");
    }

    /**
     * Checks the number of values of which this value consists. Must be called before {@link #object()} for JSON that a
     * client or an origin wrote, because objects take up to sixty times the memory of their text.
     *
     * @throws ProblemException with the code {@code payload-too-large} if there are more than {@code max}
     */
    public JsonText requireValues(int max) {
        if (ValueCount.exceeds(text, max)) {
            String detail = "there must be at most " + max + " JSON values";
            throw Problem.of(Code.PAYLOAD_TOO_LARGE, detail).toException();
        }
        return this;
    }

    /** Returns the value as a new object with exact numbers. The value must be an object; see {@link #isObject()}. */
    public JsonObject object() {
        try (JsonParser parser = LENIENT.createParser(text)) {
            parser.nextToken();
            return new JsonObject(members(parser));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Returns the text of a member if the member is a string, number or boolean; otherwise, returns empty. The value
     * must be an object; see {@link #isObject()}.
     */
    public Optional<String> scalar(String member) {
        try (JsonParser parser = JSON.createParser(text)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                boolean found = parser.currentName().equals(member);
                JsonToken value = parser.nextToken();
                if (found) {
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

    /**
     * Returns a description of a parser failure and its location for a client. Includes neither parts of the input nor
     * details of the parser.
     */
    public static String reason(IOException e) {
        if (e instanceof StreamConstraintsException) {
            return "the value is nested too deeply, or a number or name in it is too long";
        }
        if (!(e instanceof JsonProcessingException json) || json.getOriginalMessage() == null) {
            return "unreadable";
        }
        String message = PARSER_DETAILS.matcher(json.getOriginalMessage()).replaceFirst("");
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

    /** Copies a number without changing its digits, after checking that {@link #object()} can represent its value. */
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

    /** Replaces each unpaired surrogate with an escape sequence, because it has no UTF-8 encoding. */
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
