package io.tidegate.auth.jose;

import io.tidegate.event.JsonText;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A token taken apart, in the compact form of <a href="https://www.rfc-editor.org/rfc/rfc7515#section-3.1">RFC 7515,
 * 3.1</a>. Nothing in it is believed yet.
 *
 * @param key the {@code kid} it names
 * @param signed what the signature is for
 */
public record Jws(Algorithm algorithm, Optional<String> key, JsonObject claims, Buffer signed, Buffer signature) {

    /** Browsers drop a cookie whose name and value have more than 4,096 bytes, and a token must fit one. */
    public static final int MAX_LENGTH = 4000;

    private static final Pattern SHAPE = Pattern.compile("[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+");
    private static final int MAX_KEY_ID = 255;
    /** Keys come from the configuration alone, and RFC 7515, 4.1.11 has us refuse extensions that we do not know. */
    private static final List<String> REFUSED = List.of("jwk", "jku", "x5c", "x5u", "crit");

    /**
     * Takes a token apart.
     *
     * @throws RuntimeException when it is none; what it says may quote the token
     */
    public static Jws parse(String token) {
        if (token.length() > MAX_LENGTH || !SHAPE.matcher(token).matches()) {
            throw new IllegalArgumentException("not of the form of a token");
        }
        int first = token.indexOf('.');
        int second = token.lastIndexOf('.');
        JsonObject header = object(token.substring(0, first));
        if (REFUSED.stream().anyMatch(header::containsKey)) {
            throw new IllegalArgumentException("a header that is refused");
        }
        return new Jws(
                Algorithm.named(text(header.getValue("alg"))).orElseThrow(),
                header.containsKey("kid") ? Optional.of(keyId(header)) : Optional.empty(),
                object(token.substring(first + 1, second)),
                Buffer.buffer(token.substring(0, second)),
                Buffer.buffer(decode(token.substring(second + 1))));
    }

    /** A token with these claims. */
    public static String sign(JsonObject claims, Algorithm algorithm, byte[] key) {
        String header =
                new JsonObject().put("typ", "JWT").put("alg", algorithm.name()).encode();
        String signed = encode(header.getBytes(StandardCharsets.UTF_8))
                + '.'
                + encode(claims.encode().getBytes(StandardCharsets.UTF_8));
        return signed + '.' + encode(algorithm.mac(key, signed.getBytes(StandardCharsets.US_ASCII)));
    }

    private static String keyId(JsonObject header) {
        String id = text(header.getValue("kid"));
        if (id.length() > MAX_KEY_ID) {
            throw new IllegalArgumentException("a kid that is too long");
        }
        return id;
    }

    /** A JSON object that says nothing twice. */
    private static JsonObject object(String part) {
        JsonText json = JsonText.parse(JsonText.decode(decode(part)));
        if (!json.isObject()) {
            throw new IllegalArgumentException("not an object");
        }
        return json.object();
    }

    private static String text(@org.jspecify.annotations.Nullable Object value) {
        if (value instanceof String text) {
            return text;
        }
        throw new IllegalArgumentException("not a string");
    }

    private static byte[] decode(String part) {
        return Base64.getUrlDecoder().decode(part);
    }

    private static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
