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
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.crypto.spec.SecretKeySpec;

/**
 * Reads a JWKS (<a href="https://www.rfc-editor.org/rfc/rfc7517#section-5">RFC 7517, 5</a>) or a single JWK. Of a set,
 * keys that are not understood, are for something else or are too weak are passed over, as the RFC has it.
 */
public final class Jwks {

    /** A token that names no key is tried with all of them. */
    private static final int MAX_KEYS = 64;

    /** What stands before the 32 bytes of an Ed25519 key in the form that Java reads. */
    private static final byte[] ED25519 = HexFormat.of().parseHex("302a300506032b6570032100");

    private Jwks() {}

    /**
     * Reads the keys that can verify what the issuer may sign with.
     *
     * @throws KeyException when it is no JWKS
     */
    public static List<VerifyKey> parse(byte[] content, Set<Algorithm> allowed) {
        JsonObject set;
        try {
            set = JsonText.parse(JsonText.decode(content)).object();
        } catch (RuntimeException malformed) {
            throw new KeyException("is not a JWKS: it is no JSON object", null);
        }
        Object keys = set.containsKey("kty") ? new JsonArray().add(set) : set.getValue("keys");
        if (!(keys instanceof JsonArray array) || array.size() > MAX_KEYS) {
            throw new KeyException("is not a JWKS: it has no array of at most " + MAX_KEYS + " keys", null);
        }
        List<VerifyKey> usable = new ArrayList<>();
        for (Object jwk : array) {
            if (jwk instanceof JsonObject members) {
                key(members, allowed).ifPresent(usable::add);
            }
        }
        return usable;
    }

    private static Optional<VerifyKey> key(JsonObject jwk, Set<Algorithm> allowed) {
        try {
            Set<Algorithm> named = jwk.containsKey("alg")
                    ? Algorithm.named(text(jwk, "alg")).map(Set::of).orElse(Set.of())
                    : allowed;
            return allowed.containsAll(named) && forVerifying(jwk)
                    ? VerifyKey.of(Optional.ofNullable(jwk.getString("kid")), material(jwk), named)
                    : Optional.empty();
        } catch (GeneralSecurityException | RuntimeException notUnderstood) {
            return Optional.empty();
        }
    }

    private static boolean forVerifying(JsonObject jwk) {
        JsonArray uses = jwk.getJsonArray("key_ops");
        return "sig".equals(jwk.getString("use", "sig")) && (uses == null || uses.contains("verify"));
    }

    private static Key material(JsonObject jwk) throws GeneralSecurityException {
        return switch (text(jwk, "kty")) {
            case "RSA" ->
                KeyFactory.getInstance("RSA").generatePublic(new RSAPublicKeySpec(number(jwk, "n"), number(jwk, "e")));
            case "EC" ->
                KeyFactory.getInstance("EC")
                        .generatePublic(new ECPublicKeySpec(
                                new ECPoint(number(jwk, "x"), number(jwk, "y")),
                                Algorithm.curve(
                                        Integer.parseInt(text(jwk, "crv").replace("P-", "")))));
            case "OKP" -> KeyFactory.getInstance("EdDSA").generatePublic(new X509EncodedKeySpec(ed25519(jwk)));
            case "oct" -> new SecretKeySpec(bytes(jwk, "k"), "HMAC");
            default -> throw new IllegalArgumentException("another type of key");
        };
    }

    private static byte[] ed25519(JsonObject jwk) {
        if (!text(jwk, "crv").equals("Ed25519")) {
            throw new IllegalArgumentException("another curve");
        }
        byte[] point = bytes(jwk, "x");
        byte[] encoded = java.util.Arrays.copyOf(ED25519, ED25519.length + point.length);
        System.arraycopy(point, 0, encoded, ED25519.length, point.length);
        return encoded;
    }

    private static BigInteger number(JsonObject jwk, String member) {
        return new BigInteger(1, bytes(jwk, member));
    }

    private static byte[] bytes(JsonObject jwk, String member) {
        return Base64.getUrlDecoder().decode(text(jwk, member));
    }

    private static String text(JsonObject jwk, String member) {
        String text = jwk.getString(member);
        if (text == null) {
            throw new IllegalArgumentException("no " + member);
        }
        return text;
    }
}
