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

/** The credentials of the callers in the rows, as complete header lines unless noted otherwise. */
final class Callers {

    /** The signing key of the node. It is fixed, so that rows can be built before the node starts. */
    static final byte[] KEY = "a secret of the corpus, 32 bytes".getBytes(StandardCharsets.US_ASCII);

    /** The current time for all rows, so that a token has the same text wherever it is used. */
    @SuppressWarnings("TimeInStaticInitializer")
    static final Instant NOW = Instant.now();

    /** An external issuer whose tokens the node accepts. */
    static final String ISSUER = "https://id.example/realms/main";

    static final KeyPair RSA = TestIssuer.pair("RS256");
    static final String KEY_ID = "rsa";

    static final String VIEWER_TOKEN = token("vera", "viewer", "**");
    static final String PUBLISHER_TOKEN = token("paul", "publisher", "**");
    static final String VIEWER = bearer(VIEWER_TOKEN);
    static final String PUBLISHER = bearer(PUBLISHER_TOKEN);
    static final String ADMIN = bearer(token("ada", "admin", "**"));
    /** A caller that may read and publish only {@code open/**}. */
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

    /** Returns a token signed with the node's own key. */
    static String signed(JsonObject header, JsonObject claims) {
        return TestIssuer.token("HS256", secret(KEY), header, claims);
    }

    static Key secret(byte[] bytes) {
        return new SecretKeySpec(bytes, "HMAC");
    }
}
