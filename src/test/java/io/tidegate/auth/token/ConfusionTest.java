package io.tidegate.auth.token;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyPair;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Tests tokens that only appear to be signed by an issuer. */
class ConfusionTest extends IssuerBed {

    private static final KeyPair EC = TestIssuer.pair("ES256");

    ConfusionTest(@TempDir Path data) {
        super(data);
    }

    @TestFactory
    Stream<DynamicTest> whatOnlyLooksSignedIsNotValid() throws Exception {
        write(
                "jwks.json",
                TestIssuer.jwks(
                                TestIssuer.jwk("rsa", RSA.getPublic()),
                                TestIssuer.jwk("ec", EC.getPublic()),
                                TestIssuer.jwk("only-rs512", OTHER.getPublic()).put("alg", "RS512"))
                        .encode()
                        .getBytes(StandardCharsets.UTF_8));
        String pem = TestIssuer.pem("PUBLIC KEY", RSA.getPublic().getEncoded());
        write("rsa.pem", pem.getBytes(StandardCharsets.US_ASCII));
        Tokens tokens = open(
                issuer(ID, "jwks.json", "RS256", "RS512", "ES256"),
                issuer("https://other.example", "rsa.pem", "RS256", "HS256"));
        Map<String, String> rows = new LinkedHashMap<>();
        for (byte[] confused : List.of(
                pem.getBytes(StandardCharsets.US_ASCII),
                pem.strip().getBytes(StandardCharsets.US_ASCII),
                RSA.getPublic().getEncoded())) {
            Key key = new SecretKeySpec(confused, "HMAC");
            rows.put("a public key as a secret " + confused.length, TestIssuer.token("HS256", key, "rsa", claims()));
            rows.put(
                    "the same where secrets are allowed " + confused.length,
                    TestIssuer.token("HS256", key, "rsa", claims().put("iss", "https://other.example")));
        }
        rows.put("an algorithm that is not allowed", rsa("RS384", "rsa", claims()));
        rows.put("PS256 where RS256 is allowed", rsa("PS256", "rsa", claims()));
        rows.put(
                "a key used for what its alg does not say",
                TestIssuer.token("RS256", OTHER.getPrivate(), "only-rs512", claims()));
        rows.put(
                "another key of the same issuer by its name",
                TestIssuer.token("RS512", OTHER.getPrivate(), "rsa", claims()));
        rows.put("a signature of ES256 that is all zero", zeroed(64));
        rows.put("a signature of ES256 that is empty", zeroed(0));
        for (String id : List.of(
                "", "RSA", "rsa ", "../../../dev/null", "/dev/null", "' OR 1=1 --", "rsa\u0000", "k".repeat(300))) {
            rows.put("kid [" + id + "]", rsa("RS256", id, claims()));
        }
        rows.put("kid a number", header(new JsonObject().put("kid", 1)));
        rows.put("kid null", header(new JsonObject().putNull("kid")));
        rows.put("kid an array", header(new JsonObject().put("kid", new JsonArray().add("rsa"))));
        rows.put("alg twice", twice());
        JsonObject own = TestIssuer.jwk("rsa", OTHER.getPublic());
        for (Map.Entry<String, Object> embedded : Map.of(
                        "jwk",
                        own,
                        "jku",
                        "https://evil.example/jwks",
                        "x5u",
                        "https://evil.example/cert",
                        "x5c",
                        new JsonArray().add("MIIB"),
                        "crit",
                        new JsonArray().add("exp"))
                .entrySet()) {
            JsonObject header = new JsonObject().put("kid", "rsa").put(embedded.getKey(), embedded.getValue());
            rows.put(
                    "with " + embedded.getKey() + " and a key of its own",
                    TestIssuer.token("RS256", OTHER.getPrivate(), header.copy().put("alg", "RS256"), claims()));
            rows.put("with " + embedded.getKey() + " and the true key", header(header));
        }
        rows.put(
                "another issuer by this one's key", rsa("RS256", "rsa", claims().put("iss", "https://nobody.example")));
        rows.put("the gateway by another's key", rsa("RS256", "rsa", claims().put("iss", "tidegate")));
        rows.put(
                "this issuer by the gateway's key",
                BadTokens.signed(Files.readAllBytes(data.resolve("tidegate.key")), claims()));
        rows.put("this issuer by another's key", TestIssuer.token("RS256", OTHER.getPrivate(), "rsa", claims()));
        rows.put("for another audience", rsa("RS256", "rsa", claims().put("aud", "elsewhere")));
        rows.put(
                "for audiences without this one",
                rsa("RS256", "rsa", claims().put("aud", new JsonArray().add("a").add("b"))));
        rows.put("without an audience", rsa("RS256", "rsa", without("aud")));
        rows.put("without an end", rsa("RS256", "rsa", without("exp")));
        rows.put("without a subject", rsa("RS256", "rsa", without("sub")));
        rows.put("without a role", rsa("RS256", "rsa", without("roles")));
        rows.put(
                "not yet",
                rsa("RS256", "rsa", claims().put("nbf", clock.instant().getEpochSecond() + 6)));
        assertEquals(ID + "|ann", caller(tokens, rsa("RS256", "rsa", claims())).subject());
        return rows.entrySet().stream()
                .map(row -> DynamicTest.dynamicTest(
                        row.getKey(), () -> assertEquals(Refusal.INVALID, refusal(tokens, row.getValue()))));
    }

    private String header(JsonObject header) {
        return TestIssuer.token("RS256", RSA.getPrivate(), header.copy().put("alg", "RS256"), claims());
    }

    private String twice() {
        String base = TestIssuer.encode(
                        "{\"alg\":\"none\",\"kid\":\"rsa\",\"alg\":\"RS256\"}".getBytes(StandardCharsets.UTF_8))
                + '.'
                + TestIssuer.encode(claims().encode().getBytes(StandardCharsets.UTF_8));
        return base
                + '.'
                + TestIssuer.encode(TestIssuer.sign("RS256", RSA.getPrivate(), base.getBytes(StandardCharsets.UTF_8)));
    }

    private String zeroed(int length) {
        String good = TestIssuer.token("ES256", EC.getPrivate(), "ec", claims());
        return good.substring(0, good.lastIndexOf('.') + 1) + TestIssuer.encode(new byte[length]);
    }
}
