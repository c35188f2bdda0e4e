package io.tidegate.auth.token;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tidegate.auth.jose.KeyException;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Tests tokens and keys that JWTAuth alone would accept. */
class JwtAuthTest extends IssuerBed {

    private static final KeyPair EC = TestIssuer.pair("ES256");
    private static final KeyPair ED = TestIssuer.pair("EdDSA");

    private final String good = TestIssuer.token("ES256", EC.getPrivate(), "ec", claims());

    JwtAuthTest(@TempDir Path data) {
        super(data);
    }

    @TestFactory
    Stream<DynamicTest> aTokenThatItWouldAcceptIsNotValid() throws Exception {
        Tokens tokens = open();
        assertEquals(ID + "|ann", caller(tokens, good).subject());
        Map<String, String> rows = new LinkedHashMap<>();
        rows.put("a dot at the end", good + '.');
        rows.put("padding", good + "==");
        rows.put("an ECDSA signature in ASN.1", asn1());
        byte[] signature = signature(good);
        rows.put("an ECDSA signature with a byte more", with(good, Arrays.copyOf(signature, 65)));
        byte[] wider = new byte[66];
        System.arraycopy(signature, 0, wider, 1, 32);
        System.arraycopy(signature, 32, wider, 34, 32);
        rows.put("an ECDSA signature of wider numbers", with(good, wider));
        rows.put("an RSA signature without its last byte, which is zero", cut("RS256", RSA, "rsa"));
        rows.put("an EdDSA signature without its last byte, which is zero", cut("EdDSA", ED, "ed"));
        rows.put("a second alg", rsa("{\"alg\":\"none\",\"kid\":\"rsa\",\"alg\":\"RS256\"}", claims().encode()));
        rows.put("a kid that is a number", rsa("{\"alg\":\"RS256\",\"kid\":7}", claims().encode()));
        rows.put(
                "a header that must be understood",
                rsa("{\"alg\":\"RS256\",\"kid\":\"rsa\",\"crit\":[\"b64\"],\"b64\":false}", claims().encode()));
        String twice = claims().put("iss", "https://nobody.example").encode();
        rows.put(
                "a second iss",
                rsa(
                        "{\"alg\":\"RS256\",\"kid\":\"rsa\"}",
                        twice.substring(0, twice.length() - 1) + ",\"iss\":\"" + ID + "\"}"));
        rows.put("an iss that is a number", rsa("RS256", "rsa", claims().put("iss", 7)));
        rows.put("no sub", rsa("RS256", "rsa", without("sub")));
        rows.put("no exp", rsa("RS256", "rsa", without("exp")));
        rows.put(
                "an nbf to come",
                rsa("RS256", "rsa", claims().put("nbf", clock.instant().getEpochSecond() + 6)));
        return rows.entrySet().stream()
                .map(row -> DynamicTest.dynamicTest(
                        row.getKey(), () -> assertEquals(Refusal.INVALID, refusal(tokens, row.getValue()))));
    }

    /** JWTAuth checks neither the strength of a key nor whether its curve belongs to the algorithm. */
    @TestFactory
    Stream<DynamicTest> aKeyThatItWouldUseIsRefused() throws Exception {
        KeyPairGenerator ed448 = KeyPairGenerator.getInstance("Ed448");
        KeyPairGenerator weak = KeyPairGenerator.getInstance("RSA");
        weak.initialize(1024);
        Map<String, byte[]> rows = Map.of(
                "RS256", pem(weak.generateKeyPair()),
                "ES256", pem(TestIssuer.pair("ES384")),
                "ES512", pem(TestIssuer.pair("ES256")),
                "EdDSA", pem(ed448.generateKeyPair()),
                "HS256", pem(RSA),
                "HS512", new byte[63]);
        return rows.entrySet().stream()
                .map(row -> DynamicTest.dynamicTest(row.getKey(), () -> {
                    write("key", row.getValue());
                    String said = assertThrows(KeyException.class, () -> open(issuer(ID, "key", row.getKey())))
                            .getMessage();
                    assertEquals(
                            "auth.issuers[0].keys: " + data.resolve("key") + " has no key that can verify ["
                                    + row.getKey() + "]",
                            said);
                }));
    }

    /** According to the system clock, these tokens have expired or are not yet valid. */
    @Test
    void timesAreThoseOfOurClock() throws Exception {
        Tokens tokens = open();
        clock.advance(Duration.ofDays(-365 * 20));
        assertEquals(ID + "|ann", caller(tokens, rsa("RS256", "rsa", claims())).subject());
        clock.advance(Duration.ofDays(365 * 60));
        JsonObject claims = claims().put("nbf", clock.instant().getEpochSecond() + 5);
        assertEquals(ID + "|ann", caller(tokens, rsa("RS256", "rsa", claims)).subject());
    }

    private Tokens open() throws Exception {
        write(
                "jwks.json",
                TestIssuer.jwks(
                                TestIssuer.jwk("rsa", RSA.getPublic()),
                                TestIssuer.jwk("7", RSA.getPublic()),
                                TestIssuer.jwk("ec", EC.getPublic()),
                                TestIssuer.jwk("ed", ED.getPublic()))
                        .encode()
                        .getBytes(StandardCharsets.UTF_8));
        return open(issuer(ID, "jwks.json", "RS256", "ES256", "EdDSA"), issuer("7", "jwks.json", "RS256"));
    }

    private static byte[] pem(KeyPair pair) {
        return TestIssuer.pem("PUBLIC KEY", pair.getPublic().getEncoded()).getBytes(StandardCharsets.US_ASCII);
    }

    private static String rsa(String header, String claims) {
        String base = base(header, claims);
        return base + '.' + TestIssuer.encode(TestIssuer.sign("RS256", RSA.getPrivate(), bytes(base)));
    }

    private String asn1() throws Exception {
        String base = base("{\"alg\":\"ES256\",\"kid\":\"ec\"}", claims().encode());
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(EC.getPrivate());
        signature.update(bytes(base));
        return base + '.' + TestIssuer.encode(signature.sign());
    }

    /**
     * Returns a token whose signature lacks its last byte, which is a zero. JWTAuth pads short signatures with zeros.
     */
    private String cut(String algorithm, KeyPair pair, String id) {
        for (int i = 0; ; i++) {
            String token = TestIssuer.token(algorithm, pair.getPrivate(), id, claims().put("n", i));
            byte[] signature = signature(token);
            if (signature[signature.length - 1] == 0) {
                return with(token, Arrays.copyOf(signature, signature.length - 1));
            }
        }
    }

    private static byte[] signature(String token) {
        return Base64.getUrlDecoder().decode(token.substring(token.lastIndexOf('.') + 1));
    }

    private static String with(String token, byte[] signature) {
        return token.substring(0, token.lastIndexOf('.') + 1) + TestIssuer.encode(signature);
    }

    /** Returns the signing input: header and claims, without a dot after them. */
    private static String base(String header, String claims) {
        return TestIssuer.encode(bytes(header)) + '.' + TestIssuer.encode(bytes(claims));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
