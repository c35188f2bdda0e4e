package io.tidegate.auth.token;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Builds all kinds of invalid tokens. Each is signed with the valid key, unless the signature is what makes it invalid.
 */
public final class BadTokens {

    private static final JsonObject HS256 = new JsonObject().put("alg", "HS256").put("typ", "JWT");

    /**
     * How long the claims are valid. This exceeds the run time of any test class, so tokens that are not yet valid stay
     * so.
     */
    private static final long LIFE_SECONDS = 600;

    private final byte[] key;
    private final Instant now;
    private final Map<String, String> rows = new LinkedHashMap<>();

    private BadTokens(byte[] key, Instant now) {
        this.key = key;
        this.now = now;
    }

    /** Returns the tokens by name. */
    public static Map<String, String> of(byte[] key, Instant now) {
        BadTokens bad = new BadTokens(key, now);
        bad.algorithms();
        bad.signatures();
        bad.claims();
        bad.grants();
        bad.shapes();
        return bad.rows;
    }

    /** Returns the valid claims from which all rows are derived. They are valid for {@link #LIFE_SECONDS}. */
    static JsonObject goodClaims(Instant now) {
        return new JsonObject()
                .put("sub", "ann")
                .put("iss", "tidegate")
                .put("aud", "tidegate")
                .put("iat", now.getEpochSecond())
                .put("exp", now.getEpochSecond() + LIFE_SECONDS)
                .put("roles", new JsonArray().add("viewer"))
                .put("topics", new JsonArray().add("**"));
    }

    static String signed(byte[] key, JsonObject claims) {
        return signed("HmacSHA256", key, HS256, claims.encode());
    }

    private void algorithms() {
        for (String none : List.of("none", "None", "NONE", "nOnE", "none ", "")) {
            String base = base(header(none), goodClaims(now).encode());
            rows.put("alg [" + none + "] without a signature", base);
            rows.put("alg [" + none + "] with an empty signature", base + ".");
            rows.put(
                    "alg [" + none + "] with a signature",
                    signed("HmacSHA256", key, header(none), goodClaims(now).encode()));
        }
        for (String other : List.of("hs256", "HS384", "HS512", "RS256", "ES256", "EdDSA", "PS256", "HS256\u0000")) {
            rows.put(
                    "alg " + other,
                    signed("HmacSHA256", key, header(other), goodClaims(now).encode()));
        }
        rows.put(
                "HS512 with the same key",
                signed("HmacSHA512", key, header("HS512"), goodClaims(now).encode()));
        rows.put(
                "HS512 called HS256",
                signed("HmacSHA512", key, HS256, goodClaims(now).encode()));
        rows.put(
                "no alg",
                signed("HmacSHA256", key, new JsonObject(), goodClaims(now).encode()));
        rows.put(
                "alg is a number",
                signed(
                        "HmacSHA256",
                        key,
                        new JsonObject().put("alg", 256),
                        goodClaims(now).encode()));
        rows.put(
                "a key of its own in the header",
                signed(
                        "HmacSHA256",
                        "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.UTF_8),
                        HS256.copy()
                                .put(
                                        "jwk",
                                        new JsonObject()
                                                .put("kty", "oct")
                                                .put("k", "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY")),
                        goodClaims(now).encode()));
        rows.put(
                "an extension that must be understood",
                signed(
                        "HmacSHA256",
                        key,
                        HS256.copy().put("crit", new JsonArray().add("b64")).put("b64", false),
                        goodClaims(now).encode()));
    }

    private void signatures() {
        byte[] other = key.clone();
        other[0] ^= 1;
        rows.put("another key", signed(other, goodClaims(now)));
        String good = signed(key, goodClaims(now));
        rows.put("signature cut", good.substring(0, good.length() - 4));
        rows.put("signature dropped", good.substring(0, good.lastIndexOf('.')));
        rows.put("signature empty", good.substring(0, good.lastIndexOf('.') + 1));
        rows.put("a fourth part", good + ".AAAA");
        rows.put("dots at the end", good + "..");
        rows.put("a space inside", good.replaceFirst("\\.", ". "));
        rows.put("padding", good + "==");
        String escalated = encode(
                goodClaims(now).put("roles", new JsonArray().add("admin")).encode());
        rows.put("role raised under the old signature", good.replaceFirst("\\.[^.]+\\.", "." + escalated + "."));
    }

    private void claims() {
        row("wrong iss", c -> c.put("iss", "someone"));
        row("no iss", c -> without(c, "iss"));
        row("iss null", c -> c.putNull("iss"));
        row("iss an array", c -> c.put("iss", new JsonArray().add("tidegate")));
        row("wrong aud", c -> c.put("aud", "elsewhere"));
        row("no aud", c -> without(c, "aud"));
        row("aud null", c -> c.putNull("aud"));
        row("aud a number", c -> c.put("aud", 7));
        row("aud an object", c -> c.put("aud", new JsonObject().put("tidegate", true)));
        row("aud an empty array", c -> c.put("aud", new JsonArray()));
        row("no exp", c -> without(c, "exp"));
        row("exp null", c -> c.putNull("exp"));
        row("exp text", c -> c.put("exp", String.valueOf(now.getEpochSecond() + LIFE_SECONDS)));
        row("exp negative", c -> c.put("exp", -1));
        row("exp beyond all years", c -> c.put("exp", 1e300));
        row("exp beyond a long", c -> c.put("exp", new BigInteger("18446744073709551617")));
        row("nbf in the future", c -> c.put("nbf", now.getEpochSecond() + LIFE_SECONDS - 10));
        row("nbf text", c -> c.put("nbf", "now"));
        row("iat in the future", c -> c.put("iat", now.getEpochSecond() + LIFE_SECONDS - 10));
        row("iat an object", c -> c.put("iat", new JsonObject()));
        row("no sub", c -> without(c, "sub"));
        row("sub empty", c -> c.put("sub", ""));
        row("sub a number", c -> c.put("sub", 1));
        row("sub with a line break", c -> c.put("sub", "ann\nrole=admin"));
        row("sub too long", c -> c.put("sub", "a".repeat(256)));
    }

    private void grants() {
        row("no roles", c -> without(c, "roles"));
        row("roles null", c -> c.putNull("roles"));
        row("roles empty", c -> c.put("roles", new JsonArray()));
        row("roles unknown", c -> c.put("roles", new JsonArray().add("root")));
        row("roles in capitals", c -> c.put("roles", new JsonArray().add("ADMIN")));
        row("roles with a space", c -> c.put("roles", new JsonArray().add("admin ")));
        row("roles text of unknown words", c -> c.put("roles", "root administrator"));
        row("roles empty text", c -> c.put("roles", ""));
        row("roles an object", c -> c.put("roles", new JsonObject().put("admin", true)));
        row("roles of arrays", c -> c.put("roles", new JsonArray().add(new JsonArray().add("admin"))));
        row(
                "roles with a number",
                c -> c.put("roles", new JsonArray().add("viewer").add(2)));
        row("no topics", c -> without(c, "topics"));
        row("topics text with a malformed word", c -> c.put("topics", "a b//c"));
        row("topics an object", c -> c.put("topics", new JsonObject().put("a", "**")));
        row("topics with a number", c -> c.put("topics", new JsonArray().add(1)));
        row("topics with null", c -> c.put("topics", new JsonArray().addNull()));
        for (String pattern : List.of("", "/", "a//b", "**/a", "a/***", "../a", "a b", "a\r\nb", "x".repeat(300))) {
            row(
                    "topics with [" + pattern + "]",
                    c -> c.put("topics", new JsonArray().add("ok").add(pattern)));
        }
        row("publish a number", c -> c.put("publish", 1));
        row("publish null", c -> c.putNull("publish"));
        row("publish malformed", c -> c.put("publish", new JsonArray().add("a//b")));
    }

    private void shapes() {
        for (String text : List.of("", ".", "..", "a.b.c", "null", "undefined", "{}", "é.é.é", "\"", "e30.e30.e30")) {
            rows.put("garbage [" + text + "]", text);
        }
        for (String payload : List.of("null", "[]", "1", "{", "{\"sub\":", "\u0000", "[".repeat(1100))) {
            rows.put("payload [" + payload + "]", signed("HmacSHA256", key, HS256, payload));
        }
        rows.put("header null", encode("null") + "." + encode(goodClaims(now).encode()) + ".AAAA");
        rows.put("header deep", encode("{\"a\":".repeat(900)) + ".e30.AAAA");
        rows.put("huge garbage", "A".repeat(7000));
    }

    private void row(String name, UnaryOperator<JsonObject> change) {
        rows.put(name, signed(key, change.apply(goodClaims(now))));
    }

    private static JsonObject without(JsonObject claims, String name) {
        claims.remove(name);
        return claims;
    }

    private static JsonObject header(String algorithm) {
        return HS256.copy().put("alg", algorithm);
    }

    private static String base(JsonObject header, String payload) {
        return encode(header.encode()) + "." + encode(payload);
    }

    private static String signed(String algorithm, byte[] key, JsonObject header, String payload) {
        try {
            Mac mac = Mac.getInstance(algorithm);
            mac.init(new SecretKeySpec(key, algorithm));
            String base = base(header, payload);
            return base + "." + encode(mac.doFinal(base.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String encode(String text) {
        return encode(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
