package io.tidegate.auth.jose;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.auth.token.TestIssuer;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.jwt.JWTAuthOptions;
import java.nio.charset.StandardCharsets;
import java.security.Key;
import java.security.KeyPair;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests verification with a key set, especially where a single JWTAuth with all keys would behave differently. */
class KeySetTest {

    private static final String ISSUER = "https://id.example";
    private static final KeyPair A = TestIssuer.pair("RS256");
    private static final KeyPair B = TestIssuer.pair("RS256");

    private final KeySet none = KeySet.of(ISSUER, Optional.of("tidegate"));

    /** JWTAuth accepts unsigned tokens if it has no key or could not read any. */
    @Test
    void aSetWithoutKeysVerifiesNothing() {
        Jws signed = Jws.parse(TestIssuer.token("RS256", A.getPrivate(), "a", claims()));
        assertTrue(none.verify(signed).failed());
        assertTrue(
                none.with(List.of(key("a", A))).with(List.of()).verify(signed).failed());
    }

    @Test
    void noJwtAuthIsMadeWithoutAKey() {
        assertThrows(IllegalArgumentException.class, () -> JwtAuths.create(new JWTAuthOptions()));
        assertThrows(IllegalArgumentException.class, () -> new VerifyKey(Optional.empty(), A.getPublic(), Set.of()));
    }

    @Test
    void noKeyIsForAnAlgorithmOfAnotherTypeOrOneThatItIsTooWeakFor() {
        SecretKeySpec publicAsSecret = new SecretKeySpec(A.getPublic().getEncoded(), "HMAC");
        refused(publicAsSecret, Algorithm.RS256);
        refused(A.getPublic(), Algorithm.HS256);
        refused(A.getPublic(), Algorithm.ES256);
        refused(TestIssuer.pair("ES384").getPublic(), Algorithm.ES256);
        refused(TestIssuer.pair("ES256").getPublic(), Algorithm.ES512);
        refused(new SecretKeySpec(new byte[47], "HMAC"), Algorithm.HS384);
    }

    /** JWTAuth uses the {@code kid} as the label of a key, and a key replaces another with the same label. */
    @Test
    void keysWithTheSameNameAllCount() {
        KeySet both = none.with(List.of(key("same", A), key("same", B)));
        assertEquals(key("same", A), signer(both, token(A, "same")));
        assertEquals(key("same", B), signer(both, token(B, "same")));
    }

    /**
     * Without a {@code kid}, JWTAuth derives a label from the algorithm and a hash. It may equal the {@code kid} of
     * another key.
     */
    @Test
    void keysWithoutANameAllCountWhateverOthersAreCalled() {
        VerifyKey a = new VerifyKey(Optional.empty(), A.getPublic(), Set.of(Algorithm.RS256));
        int hash = Buffer.buffer(Pem.publicKey(A.getPublic().getEncoded())).hashCode();
        VerifyKey b = key("RS256#" + hash, B);
        KeySet both = none.with(List.of(a, b));
        assertEquals(a, signer(both, token(A, "any")));
        assertEquals(a, signer(both, TestIssuer.token("RS256", A.getPrivate(), header("RS256"), claims())));
        assertEquals(b, signer(both, TestIssuer.token("RS256", B.getPrivate(), header("RS256"), claims())));
        VerifyKey c = new VerifyKey(Optional.empty(), B.getPublic(), Set.of(Algorithm.RS256));
        assertEquals(c, signer(none.with(List.of(a, c)), token(B, "any")));
    }

    @Test
    void aKeyVerifiesEachOfItsAlgorithms() {
        Set<Algorithm> several = Set.of(Algorithm.RS256, Algorithm.RS512, Algorithm.PS256, Algorithm.PS384);
        KeySet set = none.with(List.of(new VerifyKey(Optional.of("a"), A.getPublic(), several)));
        for (Algorithm algorithm : several) {
            signer(set, TestIssuer.token(algorithm.name(), A.getPrivate(), "a", claims()));
        }
        assertFalse(verifies(set, TestIssuer.token("RS384", A.getPrivate(), "a", claims())));
    }

    @Test
    void anotherKidIsAnotherKey() {
        assertFalse(verifies(none.with(List.of(key("a", A))), token(A, "b")));
    }

    /** ECDSA signatures consist of two numbers that may begin with zeros. Those of P-521 almost always do. */
    @ParameterizedTest
    @ValueSource(strings = {"ES256", "ES384", "ES512", "EdDSA"})
    void noTrueSignatureIsRefused(String algorithm) {
        KeyPair pair = TestIssuer.pair(algorithm);
        KeySet set = none.with(
                List.of(new VerifyKey(Optional.of("k"), pair.getPublic(), Set.of(Algorithm.valueOf(algorithm)))));
        for (int i = 0; i < 600; i++) {
            signer(set, TestIssuer.token(algorithm, pair.getPrivate(), "k", claims().put("n", i)));
        }
    }

    /** JWTAuth throws on some of these claims, and converts others to text. */
    @Test
    void claimsOfOtherTypesAreRefused() {
        KeySet seven = KeySet.of("7", Optional.of("tidegate")).with(List.of(key("a", A)));
        signer(seven, TestIssuer.token("RS256", A.getPrivate(), "a", claims().put("iss", "7")));
        Stream.of(
                        claims().put("aud", 7),
                        claims().putNull("aud"),
                        claims().put("aud", new JsonObject()),
                        claims().put("aud", new JsonArray().add(new JsonArray().add("tidegate"))))
                .map(claims -> TestIssuer.token("RS256", A.getPrivate(), "a", claims.put("iss", "7")))
                .forEach(token -> assertFalse(verifies(seven, token)));
    }

    @Test
    void theIssuerAndTheAudienceAreVerified() {
        KeySet set = none.with(List.of(key("a", A)));
        for (JsonObject other :
                List.of(claims().put("iss", "https://other.example"), claims().put("aud", "elsewhere"))) {
            assertFalse(verifies(set, TestIssuer.token("RS256", A.getPrivate(), "a", other)));
        }
        KeySet anyAudience = KeySet.of(ISSUER, Optional.empty()).with(List.of(key("a", A)));
        signer(anyAudience, TestIssuer.token("RS256", A.getPrivate(), "a", claims().put("aud", "elsewhere")));
    }

    /** JWTAuth compares times with the system clock; the caller compares them with the clock of the gateway. */
    @Test
    void timesAreLeftToOthers() {
        KeySet set = none.with(List.of(key("a", A)));
        for (Instant time : List.of(Instant.EPOCH, Instant.now().plusSeconds(1_000_000))) {
            JsonObject claims = TestIssuer.claims(ISSUER, time).put("nbf", time.getEpochSecond());
            signer(set, TestIssuer.token("RS256", A.getPrivate(), "a", claims));
        }
    }

    @Test
    void whatIsSignedHasTheClaimsThatWereGivenAndNoOthers() {
        byte[] secret = "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
        String token = new TokenSigner(secret).sign(new JsonObject().put("sub", "ann"));
        assertEquals(
                TestIssuer.token(
                        "HS256",
                        new SecretKeySpec(secret, "HMAC"),
                        new JsonObject().put("typ", "JWT").put("alg", "HS256"),
                        new JsonObject().put("sub", "ann")),
                token);
    }

    @Test
    void noTokenAndNoKeyIsPrinted() {
        String token = token(A, "a");
        assertEquals("Jws[RS256]", Jws.parse(token).toString());
        assertEquals("VerifyKey[a [RS256]]", key("a", A).toString());
    }

    private static void refused(Key key, Algorithm algorithm) {
        assertThrows(IllegalArgumentException.class, () -> new VerifyKey(Optional.empty(), key, Set.of(algorithm)));
        assertThrows(UnusableKeyException.class, () -> VerifyKey.of(Optional.empty(), key, Set.of(algorithm)));
    }

    private static VerifyKey key(String id, KeyPair pair) {
        return new VerifyKey(Optional.of(id), pair.getPublic(), Set.of(Algorithm.RS256));
    }

    private static String token(KeyPair pair, String id) {
        return TestIssuer.token("RS256", pair.getPrivate(), id, claims());
    }

    private static JsonObject header(String algorithm) {
        return new JsonObject().put("alg", algorithm);
    }

    private static JsonObject claims() {
        return TestIssuer.claims(ISSUER, Instant.parse("2031-05-06T07:08:09Z"));
    }

    private static boolean verifies(KeySet set, String token) {
        return set.verify(Jws.parse(token)).succeeded();
    }

    private static VerifyKey signer(KeySet set, String token) {
        Future<VerifyKey> signer = set.verify(Jws.parse(token));
        assertTrue(signer.succeeded(), () -> "not verified: " + signer.cause());
        return signer.result();
    }
}
