package io.tidegate.corpus;

import io.tidegate.auth.token.TestIssuer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.Key;
import java.security.KeyPair;
import java.time.Instant;
import java.util.List;
import javax.crypto.spec.SecretKeySpec;

/** Who sends the rows; as whole header lines where nothing else is said. */
final class Callers {

    /** Of the node, so that rows can be written before it starts. */
    static final byte[] KEY = "a secret of the corpus, 32 bytes".getBytes(StandardCharsets.US_ASCII);

    /** One for all rows, so that a token is the same wherever it stands. */
    @SuppressWarnings("TimeInStaticInitializer")
    static final Instant NOW = Instant.now();

    /** Somebody else whose tokens count. */
    static final String ISSUER = "https://id.example/realms/main";

    static final KeyPair RSA = TestIssuer.pair("RS256");
    static final String KEY_ID = "rsa";

    static final String VIEWER_TOKEN = token("vera", "viewer", "**");
    static final String PUBLISHER_TOKEN = token("paul", "publisher", "**");
    static final String VIEWER = bearer(VIEWER_TOKEN);
    static final String PUBLISHER = bearer(PUBLISHER_TOKEN);
    static final String ADMIN = bearer(token("ada", "admin", "**"));
    /** Reads and publishes {@code open} and what is below it. */
    static final String NARROW = bearer(token("nora", "publisher", "open/**"));

    static final String NARROW_VIEWER = bearer(token("nick", "viewer", "open/**"));
    static final String COOKIE = "Cookie: tidegate=" + PUBLISHER_TOKEN;

    private Callers() {}

    static String bearer(String token) {
        return "Authorization: Bearer " + token;
    }

    static String token(String subject, String role, String topics) {
        JsonObject claims = TestIssuer.claims("tidegate", NOW)
                .put("sub", subject)
                .put("exp", NOW.getEpochSecond() + 3600)
                .put("roles", new JsonArray(List.of(role)))
                .put("topics", new JsonArray(List.of(topics)));
        return signed(new JsonObject().put("alg", "HS256"), claims);
    }

    /** With the node's own key. */
    static String signed(JsonObject header, JsonObject claims) {
        return TestIssuer.token("HS256", secret(KEY), header, claims);
    }

    static Key secret(byte[] bytes) {
        return new SecretKeySpec(bytes, "HMAC");
    }
}
