package io.tidegate.auth.jose;

import io.tidegate.event.JsonText;
import io.vertx.core.json.JsonObject;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A parsed but unverified token in the compact serialization of <a
 * href="https://www.rfc-editor.org/rfc/rfc7515#section-3.1">RFC 7515, 3.1</a>. JWTAuth parses the token again, but more
 * leniently: it ignores duplicate members, critical headers and trailing dots, and converts values of unexpected types.
 * Therefore, a token must be parsed by this class first.
 *
 * @param token the token, as sent by the client
 * @param key the {@code kid} in the token's header
 * @param signatureLength the length of the signature in bytes
 */
public record Jws(String token, Algorithm algorithm, Optional<String> key, JsonObject claims, int signatureLength) {

    /**
     * The maximum length of a token, which bounds the cost of verification. In a request, the limit on the size of the
     * head is reached first.
     */
    public static final int MAX_LENGTH = 32 << 10;

    private static final Pattern SHAPE = Pattern.compile("[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+");
    private static final int MAX_KEY_ID = 255;
    /**
     * The header parameters that are refused: keys come only from the configuration, and RFC 7515, 4.1.11 requires
     * unknown extensions to be refused.
     */
    private static final List<String> REFUSED = List.of("jwk", "jku", "x5c", "x5u", "crit");

    /**
     * Parses a token.
     *
     * @throws RuntimeException if the token is malformed; the message may quote the token
     */
    public static Jws parse(String token) {
        if (token.length() > MAX_LENGTH || !SHAPE.matcher(token).matches()) {
            throw new IllegalArgumentException("a token must have three parts of base64url");
        }
        int first = token.indexOf('.');
        int second = token.lastIndexOf('.');
        JsonObject header = object(token.substring(0, first));
        if (REFUSED.stream().anyMatch(header::containsKey)) {
            throw new IllegalArgumentException("a token must not have one of the headers " + REFUSED);
        }
        return new Jws(
                token,
                Algorithm.named(text(header.getValue("alg"))).orElseThrow(),
                header.containsKey("kid") ? Optional.of(keyId(header)) : Optional.empty(),
                object(token.substring(first + 1, second)),
                decode(token.substring(second + 1)).length);
    }

    private static String keyId(JsonObject header) {
        String id = text(header.getValue("kid"));
        if (id.length() > MAX_KEY_ID) {
            throw new IllegalArgumentException("kid must have at most " + MAX_KEY_ID + " characters");
        }
        return id;
    }

    /** Parses a JSON object and refuses duplicate members. */
    private static JsonObject object(String part) {
        JsonText json = JsonText.parse(JsonText.decode(decode(part)));
        if (!json.isObject()) {
            throw new IllegalArgumentException("a part must be a JSON object");
        }
        return json.object();
    }

    private static String text(@Nullable Object value) {
        if (value instanceof String text) {
            return text;
        }
        throw new IllegalArgumentException("a header must be a string");
    }

    private static byte[] decode(String part) {
        return Base64.getUrlDecoder().decode(part);
    }

    /** Omits the token, which is a secret. */
    @Override
    public String toString() {
        return "Jws[" + algorithm + "]";
    }
}
