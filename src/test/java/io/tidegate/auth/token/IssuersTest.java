package io.tidegate.auth.token;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.access.Caller;
import io.tidegate.access.Role;
import io.tidegate.auth.jose.Algorithm;
import io.tidegate.auth.jose.KeyException;
import io.tidegate.event.TopicPattern;
import io.tidegate.fixture.TestCertificate;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.Key;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.List;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests tokens of external issuers: their keys, algorithms and claims. */
class IssuersTest extends IssuerBed {

    private static final Key SECRET =
            new SecretKeySpec("0123456789abcdef".repeat(4).getBytes(StandardCharsets.US_ASCII), "HMAC");

    IssuersTest(@TempDir Path data) {
        super(data);
    }

    @ParameterizedTest
    @EnumSource(Algorithm.class)
    void everyAlgorithmIsVerifiedByAJwksAndByAFileOfTheKeyAlone(Algorithm algorithm) throws Exception {
        String name = algorithm.name();
        Key signing = SECRET;
        Object jwks;
        byte[] alone;
        if (symmetric(algorithm)) {
            jwks = TestIssuer.jwks(new JsonObject()
                    .put("kty", "oct")
                    .put("kid", "k")
                    .put("k", TestIssuer.encode(SECRET.getEncoded())));
            alone = SECRET.getEncoded();
        } else {
            KeyPair pair = TestIssuer.pair(name);
            signing = pair.getPrivate();
            jwks = TestIssuer.jwks(TestIssuer.jwk("k", pair.getPublic()));
            alone = TestIssuer.pem("PUBLIC KEY", pair.getPublic().getEncoded()).getBytes(StandardCharsets.US_ASCII);
        }
        write("jwks.json", jwks.toString().getBytes(StandardCharsets.UTF_8));
        write("alone", alone);
        String token = TestIssuer.token(name, signing, "k", claims());
        for (String file : List.of("jwks.json", "alone")) {
            Tokens tokens = open(issuer(ID, file, name));
            assertEquals(ID + "|ann", caller(tokens, token).subject());
            byte[] signature = Base64.getUrlDecoder().decode(token.substring(token.lastIndexOf('.') + 1));
            signature[signature.length / 2] ^= 1;
            String forged = token.substring(0, token.lastIndexOf('.') + 1) + TestIssuer.encode(signature);
            assertEquals(Refusal.INVALID, refusal(tokens, forged), file);
        }
        for (Algorithm other : Algorithm.values()) {
            if (other != algorithm && !symmetric(other) && !symmetric(algorithm)) {
                String called = TestIssuer.token(
                        name, signing, new JsonObject().put("alg", other.name()).put("kid", "k"), claims());
                Tokens all = open(issuer(ID, "jwks.json", name, other.name()));
                assertEquals(Refusal.INVALID, refusal(all, called), name + " named " + other);
            }
        }
    }

    @Test
    void aCertificateIsAsGoodAsItsKey() throws Exception {
        TestCertificate certificate = TestCertificate.make("RSA");
        write(
                "cert.pem",
                TestIssuer.pem("CERTIFICATE", certificate.certificate().getEncoded())
                        .getBytes(StandardCharsets.US_ASCII));
        Tokens tokens = open(issuer(ID, "cert.pem", "RS256"));
        String token = TestIssuer.token("RS256", certificate.key(), "any", claims());
        assertEquals(ID + "|ann", caller(tokens, token).subject());
    }

    @Test
    void ofTwoIssuersNeitherSpeaksForTheOther() throws Exception {
        write(
                "a.json",
                TestIssuer.jwks(TestIssuer.jwk("k", RSA.getPublic())).encode().getBytes(StandardCharsets.UTF_8));
        write(
                "b.json",
                TestIssuer.jwks(TestIssuer.jwk("k", OTHER.getPublic())).encode().getBytes(StandardCharsets.UTF_8));
        Tokens tokens =
                open(issuer("https://a.example", "a.json", "RS256"), issuer("https://b.example", "b.json", "RS256"));
        JsonObject a = TestIssuer.claims("https://a.example", clock.instant());
        JsonObject b = TestIssuer.claims("https://b.example", clock.instant());
        assertEquals(
                "https://a.example|ann", caller(tokens, rsa("RS256", "k", a)).subject());
        assertEquals(
                "https://b.example|ann",
                caller(tokens, TestIssuer.token("RS256", OTHER.getPrivate(), "k", b))
                        .subject());
        assertEquals(Refusal.INVALID, refusal(tokens, rsa("RS256", "k", b)));
        assertEquals(Refusal.INVALID, refusal(tokens, TestIssuer.token("RS256", OTHER.getPrivate(), "k", a)));
    }

    @ParameterizedTest
    @CsvSource({
        "roles, '{\"roles\":[\"admin\"]}', admin",
        "scope, '{\"scope\":\"openid publisher  profile\"}', publisher",
        "realm_access.roles, '{\"realm_access\":{\"roles\":[\"offline_access\",\"viewer\"]}}', viewer",
        "https://tidegate.example/roles, '{\"https://tidegate.example/roles\":[\"publisher\"]}', publisher",
        "a.b.c, '{\"a\":{\"b.c\":\"viewer\"}}', viewer",
    })
    void rolesStandWhereTheIssuerPutsThem(String path, String claim, String role) throws Exception {
        write(
                "rsa.pem",
                TestIssuer.pem("PUBLIC KEY", RSA.getPublic().getEncoded()).getBytes(StandardCharsets.US_ASCII));
        Tokens tokens = open(new IssuerOptions(
                ID, "*", List.of("RS256"), "rsa.pem", new ClaimPaths(path, "tide.read", "tide.write")));
        JsonObject claims = without("roles")
                .mergeIn(new JsonObject(claim))
                .put("tide", new JsonObject().put("read", "a/** b").put("write", new JsonArray().add("c")));
        claims.remove("aud");
        Caller caller = caller(tokens, rsa("RS256", "k", claims));
        assertEquals(role, caller.role().text());
        assertEquals(List.of(new TopicPattern("a/**"), new TopicPattern("b")), caller.read());
        assertEquals(caller.role() == Role.VIEWER ? List.of() : List.of(new TopicPattern("c")), caller.publish());
    }

    @Test
    void aStartWithoutUsableKeysSaysAllThatIsWrongAndWhere() throws Exception {
        write("tidegate.key", new byte[5]);
        write("secret", SECRET.getEncoded());
        Files.setPosixFilePermissions(data.resolve("secret"), PosixFilePermissions.fromString("rw-r--r--"));
        write(
                "enc.json",
                TestIssuer.jwks(TestIssuer.jwk("k", RSA.getPublic()).put("use", "enc"))
                        .encode()
                        .getBytes(StandardCharsets.UTF_8));
        KeyPairGenerator weak = KeyPairGenerator.getInstance("RSA");
        weak.initialize(1024);
        write(
                "weak.pem",
                TestIssuer.pem("PUBLIC KEY", weak.generateKeyPair().getPublic().getEncoded())
                        .getBytes(StandardCharsets.US_ASCII));
        write(
                "private.pem",
                TestIssuer.pem("PRIVATE KEY", RSA.getPrivate().getEncoded()).getBytes(StandardCharsets.US_ASCII));
        write("short", new byte[31]);
        write("no.json", "{\"a\":1}".getBytes(StandardCharsets.UTF_8));
        KeyException refused = assertThrows(
                KeyException.class,
                () -> open(
                        issuer("https://0", "secret", "HS256"),
                        issuer("https://1", "enc.json", "RS256"),
                        issuer("https://2", "weak.pem", "RS256"),
                        issuer("https://3", "missing.pem", "RS256"),
                        issuer("https://4", "private.pem", "RS256"),
                        issuer("https://5", "short", "HS256"),
                        issuer("https://6", "no.json", "RS256"),
                        issuer("https://7", "http://127.0.0.1:1/jwks", "RS256")));
        List<String> lines = String.valueOf(refused.getMessage()).lines().toList();
        List<String> expected = List.of(
                "auth.key-file: .*is not a key.*",
                "auth.issuers\\[0].keys: .*secret is open to others.*",
                "auth.issuers\\[1].keys: .*no key that can verify.*",
                "auth.issuers\\[2].keys: .*no key that can verify.*",
                "auth.issuers\\[3].keys: .*missing.pem cannot be read.*",
                "auth.issuers\\[4].keys: .*PRIVATE KEY.*",
                "auth.issuers\\[5].keys: .*no key that can verify.*",
                "auth.issuers\\[6].keys: .*not a JWKS.*",
                "auth.issuers\\[7].keys: http://127.0.0.1:1/jwks cannot be fetched.*");
        assertEquals(expected.size(), lines.size(), lines.toString());
        for (int i = 0; i < expected.size(); i++) {
            assertTrue(lines.get(i).matches(expected.get(i)), lines.get(i));
        }
    }

    private static boolean symmetric(Algorithm algorithm) {
        return algorithm.name().startsWith("HS");
    }
}
