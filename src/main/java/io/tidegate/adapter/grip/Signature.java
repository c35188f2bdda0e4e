package io.tidegate.adapter.grip;

import io.tidegate.auth.jose.TokenSigner;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;

/**
 * Signs the JWT that proves to an origin that a request comes through the gateway. The token does not depend on the
 * request, so it is reused until it is renewed. Owned by one event loop.
 */
final class Signature {

    private static final Duration LIFETIME = Duration.ofMinutes(10);
    private static final Duration RENEWAL = Duration.ofMinutes(5);
    private static final String BASE64 = "base64:";

    private final GripOptions options;
    private final Clock clock;
    private Instant renew = Instant.MIN;
    private String current = "";

    Signature(GripOptions options, Clock clock) {
        this.options = options;
        this.clock = clock;
    }

    boolean enabled() {
        return !options.sigKey().isEmpty();
    }

    String token() {
        Instant now = clock.instant();
        if (!now.isBefore(renew)) {
            renew = now.plus(RENEWAL);
            JsonObject claims = new JsonObject()
                    .put("iss", options.sigIss())
                    .put("exp", now.plus(LIFETIME).getEpochSecond());
            current = new TokenSigner(bytes(options.sigKey())).sign(claims);
        }
        return current;
    }

    static byte[] bytes(String key) {
        return key.startsWith(BASE64)
                ? Base64.getDecoder().decode(key.substring(BASE64.length()))
                : key.getBytes(StandardCharsets.UTF_8);
    }
}
