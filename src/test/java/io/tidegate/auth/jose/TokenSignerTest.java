package io.tidegate.auth.jose;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.tidegate.auth.token.TestIssuer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.stream.IntStream;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenSignerTest {

    private static final byte[] SECRET = bytes("0123456789abcdef0123456789abcdef");

    private final TokenSigner signer = new TokenSigner(SECRET);

    @Test
    void aTokenHasTheClaimsThatWereGivenAndNoTimeOfItsOwn() {
        JsonObject claims = new JsonObject()
                .put("sub", "J\u00fcrgen \u2713")
                .put("exp", 1_900_000_000L)
                .put("topics", new JsonArray().add("a/**").add(new JsonObject().put("deep", true)))
                .putNull("nothing");
        assertEquals(claims, claims(signer.sign(claims)));
        assertEquals(new JsonObject(), claims(signer.sign(new JsonObject())));
    }

    @Test
    void aTimeThatIsAClaimStaysAsItIs() {
        assertEquals(7, claims(signer.sign(new JsonObject().put("iat", 7))).getInteger("iat"));
    }

    @Test
    void theClaimsOfTheCallerAreLeftAsTheyWere() {
        JsonObject claims = new JsonObject().put("sub", "ann");
        signer.sign(claims);
        assertEquals(new JsonObject().put("sub", "ann"), claims);
    }

    @Test
    void theHeadNamesTheOneAlgorithm() {
        assertEquals(new JsonObject().put("typ", "JWT").put("alg", "HS256"), part(signer.sign(new JsonObject()), 0));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 8, 31, 32, 33, 64, 65, 1_000})
    void aSecretOfAnyLengthSigns(int length) {
        byte[] secret = new byte[length];
        IntStream.range(0, length).forEach(i -> secret[i] = (byte) (i * 37 - 100));
        assertEquals(expected(secret, 1), new TokenSigner(secret).sign(numbered(1)));
    }

    @Test
    void anotherSecretIsAnotherSignature() {
        byte[] other = SECRET.clone();
        other[31] ^= 1;
        assertNotEquals(signer.sign(numbered(1)), new TokenSigner(other).sign(numbered(1)));
    }

    @Test
    void theSameClaimsAreTheSameToken() {
        assertEquals(signer.sign(numbered(1)), signer.sign(numbered(1)));
    }

    @Test
    void itSignsForSeveralThreadsAtATime() {
        List<String> tokens = IntStream.range(0, 4_000)
                .parallel()
                .mapToObj(i -> signer.sign(numbered(i)))
                .toList();
        for (int i = 0; i < tokens.size(); i++) {
            assertEquals(expected(SECRET, i), tokens.get(i));
        }
    }

    private static String expected(byte[] secret, int number) {
        JsonObject header = new JsonObject().put("typ", "JWT").put("alg", "HS256");
        return TestIssuer.token("HS256", new SecretKeySpec(secret, "HMAC"), header, numbered(number));
    }

    private static JsonObject numbered(int number) {
        return new JsonObject().put("n", number);
    }

    private static JsonObject claims(String token) {
        return part(token, 1);
    }

    private static JsonObject part(String token, int index) {
        byte[] json = Base64.getUrlDecoder().decode(List.of(token.split("\\.")).get(index));
        return new JsonObject(new String(json, StandardCharsets.UTF_8));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
