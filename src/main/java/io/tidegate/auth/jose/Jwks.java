package io.tidegate.auth.jose;

import io.tidegate.event.JsonText;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.crypto.spec.SecretKeySpec;

/**
 * Reads a JWKS (<a href="https://www.rfc-editor.org/rfc/rfc7517#section-5">RFC 7517, 5</a>) or a single JWK. As the RFC
 * requires, skips keys that are of an unknown type, have another purpose or are too weak, and reports the reason for
 * each.
 *
 * <p>JWTAuth could read a JWK itself, but it looks only at {@code alg}: a key of type RSA with {@code "alg":"HS256"}
 * becomes a secret, a key without {@code alg} is used for RS256 or ES256 regardless of its curve, and a certificate in
 * {@code x5c} replaces the key. This class builds a key from the members of its type and checks it before JWTAuth
 * receives it.
 */
public final class Jwks {

    /**
     * The maximum number of keys. It is limited because a token without {@code kid} is verified with each key in turn.
     */
    private static final int MAX_KEYS = 64;

    /** The X.509 prefix that precedes the 32 bytes of an Ed25519 key. */
    private static final byte[] ED25519 = HexFormat.of().parseHex("302a300506032b6570032100");

    private static final Map<String, Integer> CURVES = Map.of("P-256", 256, "P-384", 384, "P-521", 521);

    private Jwks() {}

    /**
     * Reads the keys that fit the issuer's allowed algorithms.
     *
     * @throws KeyException if the content is not a JWKS
     */
    public static ParsedKeys parse(byte[] content, Set<Algorithm> allowed) {
        JsonObject set;
        try {
            set = JsonText.parse(JsonText.decode(content)).object();
        } catch (RuntimeException malformed) {
            throw new KeyException("is not a JWKS: it must be a JSON object", null);
        }
        Object keys = set.containsKey("kty") ? new JsonArray().add(set) : set.getValue("keys");
        if (!(keys instanceof JsonArray array) || array.size() > MAX_KEYS) {
            throw new KeyException("is not a JWKS: keys must be an array of at most " + MAX_KEYS, null);
        }
        ParsedKeys.Builder parsed = new ParsedKeys.Builder();
        for (Object jwk : array) {
            JsonObject members = jwk instanceof JsonObject object ? object : new JsonObject();
            try {
                parsed.use(key(members, allowed));
            } catch (UnusableKeyException unusable) {
                parsed.skip(skipped(members, unusable.reason()));
            }
        }
        return parsed.build();
    }

    private static VerifyKey key(JsonObject jwk, Set<Algorithm> allowed) throws UnusableKeyException {
        String type = text(jwk, "kty");
        Optional<String> id = jwk.containsKey("kid") ? Optional.of(text(jwk, "kid")) : Optional.empty();
        checkUse(jwk);
        Set<Algorithm> candidates = jwk.containsKey("alg") ? Set.of(algorithm(jwk, allowed)) : allowed;
        try {
            return VerifyKey.of(id, material(type, jwk), candidates);
        } catch (GeneralSecurityException | RuntimeException malformed) {
            throw new UnusableKeyException("it is not a valid key of its kty");
        }
    }

    private static void checkUse(JsonObject jwk) throws UnusableKeyException {
        if (jwk.containsKey("use") && !"sig".equals(jwk.getValue("use"))) {
            throw new UnusableKeyException("use is not sig");
        }
        if (jwk.containsKey("key_ops")
                && !(jwk.getValue("key_ops") instanceof JsonArray uses && uses.contains("verify"))) {
            throw new UnusableKeyException("key_ops does not contain verify");
        }
    }

    private static Algorithm algorithm(JsonObject jwk, Set<Algorithm> allowed) throws UnusableKeyException {
        Algorithm named =
                Algorithm.named(text(jwk, "alg")).orElseThrow(() -> new UnusableKeyException("alg is not supported"));
        if (!allowed.contains(named)) {
            throw new UnusableKeyException("alg is not allowed for the issuer");
        }
        return named;
    }

    private static Key material(String type, JsonObject jwk) throws GeneralSecurityException, UnusableKeyException {
        return switch (type) {
            case "RSA" ->
                KeyFactory.getInstance("RSA").generatePublic(new RSAPublicKeySpec(number(jwk, "n"), number(jwk, "e")));
            case "EC" -> KeyFactory.getInstance("EC").generatePublic(ec(jwk));
            case "OKP" -> KeyFactory.getInstance("EdDSA").generatePublic(new X509EncodedKeySpec(ed25519(jwk)));
            case "oct" -> new SecretKeySpec(bytes(jwk, "k"), "HMAC");
            default -> throw new UnusableKeyException("kty is not supported");
        };
    }

    private static ECPublicKeySpec ec(JsonObject jwk) throws UnusableKeyException {
        Integer bits = CURVES.get(text(jwk, "crv"));
        if (bits == null) {
            throw new UnusableKeyException("crv is not P-256, P-384 or P-521");
        }
        return new ECPublicKeySpec(new ECPoint(number(jwk, "x"), number(jwk, "y")), Algorithm.curve(bits));
    }

    private static byte[] ed25519(JsonObject jwk) throws UnusableKeyException {
        if (!text(jwk, "crv").equals("Ed25519")) {
            throw new UnusableKeyException("crv is not Ed25519");
        }
        byte[] point = bytes(jwk, "x");
        byte[] encoded = Arrays.copyOf(ED25519, ED25519.length + point.length);
        System.arraycopy(point, 0, encoded, ED25519.length, point.length);
        return encoded;
    }

    private static BigInteger number(JsonObject jwk, String member) throws UnusableKeyException {
        return new BigInteger(1, bytes(jwk, member));
    }

    private static byte[] bytes(JsonObject jwk, String member) throws UnusableKeyException {
        try {
            return Base64.getUrlDecoder().decode(text(jwk, member));
        } catch (IllegalArgumentException malformed) {
            throw new UnusableKeyException(member + " is not base64url");
        }
    }

    private static String text(JsonObject jwk, String member) throws UnusableKeyException {
        if (jwk.getValue(member) instanceof String text) {
            return text;
        }
        throw new UnusableKeyException(member + (jwk.containsKey(member) ? " is not a string" : " is missing"));
    }

    private static SkippedKey skipped(JsonObject jwk, String reason) {
        return new SkippedKey(name(jwk, "kid"), name(jwk, "kty"), name(jwk, "alg"), reason, jwk.hashCode());
    }

    private static String name(JsonObject jwk, String member) {
        return jwk.getValue(member) instanceof String text ? text : SkippedKey.NONE;
    }
}
