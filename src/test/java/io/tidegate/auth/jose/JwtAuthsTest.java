package io.tidegate.auth.jose;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.JWTOptions;
import io.vertx.ext.auth.PubSecKeyOptions;
import io.vertx.ext.auth.authentication.TokenCredentials;
import io.vertx.ext.auth.jwt.JWTAuth;
import io.vertx.ext.auth.jwt.JWTAuthOptions;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

class JwtAuthsTest {

    private static final String SECRET = "0123456789abcdef0123456789abcdef";
    private static final JsonObject CLAIMS = new JsonObject().put("sub", "ann");

    @Test
    void withoutAKeyNoneIsMade() {
        refused(new JWTAuthOptions());
        refused(new JWTAuthOptions().setPubSecKeys(List.of()));
    }

    /** JWTAuth skips a JWK that it cannot read, and then has no key. */
    @Test
    void aKeyThatJwtAuthMaySkipIsNoKey() {
        refused(new JWTAuthOptions().addJwk(new JsonObject().put("kty", "unheard-of")));
    }

    @Test
    void itVerifiesWhatItsKeyHasSigned() {
        JWTAuth auth = JwtAuths.create(options(SECRET));
        String token = auth.generateToken(CLAIMS, new JWTOptions().setNoTimestamp(true));
        assertTrue(verifies(auth, token));
        assertEquals(
                "ann",
                auth.authenticate(new TokenCredentials(token))
                        .result()
                        .principal()
                        .getString("sub"));
    }

    @Test
    void itRefusesWhatAnotherKeyHasSigned() {
        String token = JwtAuths.create(options("f" + SECRET)).generateToken(CLAIMS);
        assertFalse(verifies(JwtAuths.create(options(SECRET)), token));
    }

    @Test
    void itRefusesWhatNobodyHasSigned() {
        JWTAuth auth = JwtAuths.create(options(SECRET));
        String unsigned = encode(new JsonObject().put("alg", "none")) + '.' + encode(CLAIMS) + '.';
        String stripped = auth.generateToken(CLAIMS).replaceFirst("[^.]*$", "");
        assertFalse(verifies(auth, unsigned));
        assertFalse(verifies(auth, stripped));
    }

    private static void refused(JWTAuthOptions options) {
        IllegalArgumentException refusal = assertThrows(IllegalArgumentException.class, () -> JwtAuths.create(options));
        assertEquals("JWTAuth must have a key, because without one it accepts unsigned tokens", refusal.getMessage());
    }

    private static boolean verifies(JWTAuth auth, String token) {
        return auth.authenticate(new TokenCredentials(token)).succeeded();
    }

    private static JWTAuthOptions options(String secret) {
        return new JWTAuthOptions()
                .addPubSecKey(new PubSecKeyOptions().setAlgorithm("HS256").setBuffer(Buffer.buffer(secret)));
    }

    private static String encode(JsonObject part) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(part.toBuffer().getBytes());
    }
}
