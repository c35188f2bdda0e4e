package io.tidegate.auth.token;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;

/** Signs tokens with a separate implementation, which can also produce the invalid tokens that tests need. */
public final class TestIssuer {

    private TestIssuer() {}

    /** Returns the default options with these anonymous topics, key options and issuers. */
    public static AuthOptions options(AnonymousOptions anonymous, KeyOptions keys, IssuerOptions... issuers) {
        AuthOptions standard = AuthOptions.DEFAULTS;
        return new AuthOptions(
                standard.issuer(),
                standard.audience(),
                standard.keyFile(),
                standard.ticketIdle(),
                standard.ticketMax(),
                standard.ticketsPerSubject(),
                standard.tokenInQuery(),
                standard.secureCookie(),
                anonymous,
                keys,
                List.of(issuers));
    }

    public static AuthOptions options(KeyOptions keys, IssuerOptions... issuers) {
        return options(AnonymousOptions.DEFAULTS, keys, issuers);
    }

    /** Returns valid claims. */
    public static JsonObject claims(String issuer, Instant now) {
        return BadTokens.goodClaims(now).put("iss", issuer);
    }

    /** Returns a key pair that fits the algorithm. */
    public static KeyPair pair(String algorithm) {
        try {
            KeyPairGenerator generator;
            switch (algorithm.substring(0, 2)) {
                case "ES" -> {
                    generator = KeyPairGenerator.getInstance("EC");
                    String bits = algorithm.equals("ES512") ? "521" : algorithm.substring(2);
                    generator.initialize(new ECGenParameterSpec("secp" + bits + "r1"));
                }
                case "Ed" -> generator = KeyPairGenerator.getInstance("Ed25519");
                default -> {
                    generator = KeyPairGenerator.getInstance("RSA");
                    generator.initialize(2048);
                }
            }
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    public static JsonObject jwks(JsonObject... keys) {
        return new JsonObject().put("keys", new JsonArray(List.of(keys)));
    }

    public static JsonObject jwk(String id, PublicKey key) {
        JsonObject jwk = new JsonObject().put("kid", id).put("use", "sig");
        if (key instanceof RSAPublicKey rsa) {
            return jwk.put("kty", "RSA")
                    .put("n", encode(unsigned(rsa.getModulus(), 0)))
                    .put("e", encode(unsigned(rsa.getPublicExponent(), 0)));
        } else if (key instanceof ECPublicKey ec) {
            int bits = ec.getParams().getCurve().getField().getFieldSize();
            int bytes = (bits + 7) / 8;
            return jwk.put("kty", "EC")
                    .put("crv", "P-" + bits)
                    .put("x", encode(unsigned(ec.getW().getAffineX(), bytes)))
                    .put("y", encode(unsigned(ec.getW().getAffineY(), bytes)));
        }
        byte[] encoded = key.getEncoded();
        byte[] point = Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length);
        return jwk.put("kty", "OKP").put("crv", "Ed25519").put("x", encode(point));
    }

    public static String pem(String type, byte[] content) {
        return "-----BEGIN " + type + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content) + "\n-----END " + type
                + "-----\n";
    }

    public static String token(String algorithm, Key key, String keyId, JsonObject claims) {
        return token(algorithm, key, new JsonObject().put("alg", algorithm).put("kid", keyId), claims);
    }

    /** Signs with the given algorithm, regardless of the algorithm in the header. */
    public static String token(String algorithm, Key key, JsonObject header, JsonObject claims) {
        String base = encode(header.encode().getBytes(StandardCharsets.UTF_8))
                + '.'
                + encode(claims.encode().getBytes(StandardCharsets.UTF_8));
        return base + '.' + encode(sign(algorithm, key, base.getBytes(StandardCharsets.UTF_8)));
    }

    static byte[] sign(String algorithm, Key key, byte[] content) {
        try {
            String hash = algorithm.substring(2);
            if (algorithm.startsWith("HS")) {
                Mac mac = Mac.getInstance("HmacSHA" + hash);
                mac.init(key);
                return mac.doFinal(content);
            }
            Signature signature;
            switch (algorithm.substring(0, 2)) {
                case "RS" -> signature = Signature.getInstance("SHA" + hash + "withRSA");
                case "PS" -> {
                    signature = Signature.getInstance("RSASSA-PSS");
                    signature.setParameter(new PSSParameterSpec(
                            "SHA-" + hash,
                            "MGF1",
                            new MGF1ParameterSpec("SHA-" + hash),
                            Integer.parseInt(hash) / 8,
                            1));
                }
                case "ES" -> signature = Signature.getInstance("SHA" + hash + "withECDSAinP1363Format");
                default -> signature = Signature.getInstance("Ed25519");
            }
            signature.initSign((PrivateKey) key);
            signature.update(content);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static byte[] unsigned(BigInteger number, int length) {
        byte[] bytes = number.toByteArray();
        byte[] plain = bytes[0] == 0 && bytes.length > 1 ? Arrays.copyOfRange(bytes, 1, bytes.length) : bytes;
        byte[] padded = new byte[Math.max(length, plain.length)];
        System.arraycopy(plain, 0, padded, padded.length - plain.length, plain.length);
        return padded;
    }
}
