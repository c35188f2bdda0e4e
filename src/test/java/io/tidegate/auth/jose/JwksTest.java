package io.tidegate.auth.jose;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tidegate.auth.token.TestIssuer;
import io.tidegate.fixture.TestCertificate;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.Key;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests which keys of a JWKS are used, and for which algorithms. */
class JwksTest {

    private static final KeyPair RSA = TestIssuer.pair("RS256");
    private static final Set<Algorithm> ALL = EnumSet.allOf(Algorithm.class);

    @ParameterizedTest
    @CsvSource({
        "RS256, RS256 RS384 RS512 PS256 PS384 PS512",
        "ES256, ES256",
        "ES384, ES384",
        "ES512, ES512",
        "EdDSA, EdDSA"
    })
    void aKeyWithoutAnAlgorithmIsForAllThatFitIt(String made, String expected) {
        VerifyKey key = used(TestIssuer.jwk("k", TestIssuer.pair(made).getPublic()));
        assertEquals(Set.of(expected.split(" ", -1)), names(key));
    }

    @Test
    void aKeyWithAnAlgorithmIsForThisOneAlone() {
        assertEquals(Set.of("PS384"), names(used(rsa().put("alg", "PS384"))));
    }

    @Test
    void aSecretIsForTheAlgorithmsThatItIsLongEnoughFor() {
        JsonObject secret = new JsonObject()
                .put("kty", "oct")
                .put("k", Base64.getUrlEncoder().withoutPadding().encodeToString(new byte[48]));
        assertEquals(Set.of("HS256", "HS384"), names(used(secret)));
    }

    /** JWTAuth would use the public key as a secret. */
    @Test
    void aPublicKeyIsNoSecretWhateverItsAlgorithmSays() {
        JsonObject confused = rsa().put("alg", "HS256")
                .put("k", Base64.getUrlEncoder().encodeToString(RSA.getPublic().getEncoded()));
        assertEquals("HS256 needs a secret of at least 32 bytes", reason(confused));
    }

    /** JWTAuth would use the key of the certificate. */
    @Test
    void aCertificateInAKeyIsPassedOver() throws Exception {
        byte[] another = TestCertificate.make("RSA").certificate().getEncoded();
        Key key = used(rsa().put("x5c", new JsonArray().add(Base64.getEncoder().encodeToString(another))))
                .key();
        assertEquals(RSA.getPublic(), key);
    }

    @Test
    void whatIsNotUsedHasAReason() throws Exception {
        assertEquals("kty is missing", reason(new JsonObject()));
        assertEquals("kty is not a string", reason(rsa().put("kty", 1)));
        assertEquals("kty is not supported", reason(rsa().put("kty", "AKP")));
        assertEquals("kid is not a string", reason(rsa().put("kid", 7)));
        assertEquals("use is not sig", reason(rsa().put("use", "enc").put("alg", "RSA-OAEP")));
        assertEquals("use is not sig", reason(rsa().putNull("use")));
        assertEquals("key_ops does not contain verify", reason(rsa().put("key_ops", new JsonArray().add("encrypt"))));
        assertEquals("key_ops does not contain verify", reason(rsa().put("key_ops", "verify")));
        assertEquals("alg is not supported", reason(rsa().put("alg", "RSA-OAEP")));
        assertEquals("alg is not supported", reason(rsa().put("alg", "none")));
        assertEquals("n is missing", reason(new JsonObject().put("kty", "RSA")));
        assertEquals("n is not base64url", reason(rsa().put("n", "***")));
        assertEquals("it is not a valid key of its kty", reason(rsa().put("e", "AQ")));
        assertEquals(
                "crv is not P-256, P-384 or P-521",
                reason(new JsonObject().put("kty", "EC").put("crv", "secp256k1")));
        assertEquals(
                "crv is not Ed25519", reason(new JsonObject().put("kty", "OKP").put("crv", "Ed448")));
        assertEquals(
                "it is not a valid key of its kty",
                reason(new JsonObject().put("kty", "OKP").put("crv", "Ed25519").put("x", "AAAA")));
        assertEquals(
                "ES256 needs a key on the curve P-256",
                reason(TestIssuer.jwk("k", TestIssuer.pair("ES384").getPublic()).put("alg", "ES256")));
        KeyPairGenerator weak = KeyPairGenerator.getInstance("RSA");
        weak.initialize(1024);
        assertEquals(
                "RS256 needs an RSA key of at least 2048 bits",
                reason(TestIssuer.jwk("k", weak.generateKeyPair().getPublic()).put("alg", "RS256")));
    }

    @Test
    void anAlgorithmThatTheIssuerMayNotUseIsSaidToBeThat() {
        ParsedKeys parsed = parse(Set.of(Algorithm.ES256), rsa().put("alg", "RS256"), rsa());
        assertEquals(
                List.of("alg is not allowed for the issuer", "ES256 needs a key on the curve P-256"),
                parsed.skipped().stream().map(SkippedKey::reason).toList());
    }

    @Test
    void whatIsNoObjectIsSkippedToo() {
        JsonObject set = new JsonObject()
                .put("keys", new JsonArray().add("text").addNull().add(rsa()));
        ParsedKeys parsed = Jwks.parse(set.encode().getBytes(StandardCharsets.UTF_8), ALL);
        assertEquals(1, parsed.usable().size());
        assertEquals(2, parsed.skipped().size());
    }

    @Test
    void aSkippedKeyIsNamedWithoutAnythingThatCouldBeReadAsAnotherField() {
        SkippedKey skipped = parse(
                        ALL, rsa().put("kid", "a\nkid=\"b\" " + "x".repeat(200)).put("kty", ""))
                .skipped()
                .get(0);
        assertEquals("a?kid??b??" + "x".repeat(90) + "...", skipped.id());
        assertEquals("-", skipped.type());
        assertEquals("-", skipped.algorithm());
    }

    private static JsonObject rsa() {
        return TestIssuer.jwk("k", RSA.getPublic());
    }

    private static VerifyKey used(JsonObject jwk) {
        ParsedKeys parsed = parse(ALL, jwk);
        assertEquals(List.of(), parsed.skipped());
        return parsed.usable().get(0);
    }

    private static String reason(JsonObject jwk) {
        ParsedKeys parsed = parse(ALL, jwk);
        assertEquals(List.of(), parsed.usable());
        return parsed.skipped().get(0).reason();
    }

    private static ParsedKeys parse(Set<Algorithm> allowed, JsonObject... keys) {
        return Jwks.parse(TestIssuer.jwks(keys).encode().getBytes(StandardCharsets.UTF_8), allowed);
    }

    private static Set<String> names(VerifyKey key) {
        return key.algorithms().stream().map(Algorithm::name).collect(Collectors.toSet());
    }
}
