package io.tidegate.adapter.grip;

import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The JWT by which an origin knows that a request comes through the gateway. It says nothing of the request, so one serves
 * many. Owned by one event loop.
 */
final class Signature {

    private static final Duration LIFE = Duration.ofMinutes(10);
    private static final Duration RENEWAL = Duration.ofMinutes(5);
    private static final String BASE64 = "base64:";
    private static final String HEADER = encode("{\"typ\":\"JWT\",\"alg\":\"HS256\"}".getBytes(StandardCharsets.UTF_8));

    private final GripOptions options;
    private final Clock clock;
    private Instant renew = Instant.MIN;
    private String current = "";

    Signature(GripOptions options, Clock clock) {
        this.options = options;
        this.clock = clock;
    }

    boolean wanted() {
        return !options.sigKey().isEmpty();
    }

    String text() {
        Instant now = clock.instant();
        if (!now.isBefore(renew)) {
            renew = now.plus(RENEWAL);
            JsonObject claims = new JsonObject()
                    .put("iss", options.sigIss())
                    .put("exp", now.plus(LIFE).getEpochSecond());
            String signed = HEADER + '.' + encode(claims.encode().getBytes(StandardCharsets.UTF_8));
            current = signed + '.' + encode(mac(signed));
        }
        return current;
    }

    private byte[] mac(String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(bytes(options.sigKey()), "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.US_ASCII));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every Java platform has HmacSHA256", impossible);
        }
    }

    static byte[] bytes(String key) {
        return key.startsWith(BASE64)
                ? Base64.getDecoder().decode(key.substring(BASE64.length()))
                : key.getBytes(StandardCharsets.UTF_8);
    }

    private static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
