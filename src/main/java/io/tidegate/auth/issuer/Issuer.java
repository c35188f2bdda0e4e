package io.tidegate.auth.issuer;

import io.tidegate.auth.jose.Algorithm;
import io.tidegate.auth.jose.Jws;
import io.tidegate.auth.jose.VerifyKey;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.Set;

/**
 * One whose tokens count here, and the keys that are its own: no key of another issuer verifies a token of this one.
 *
 * @param name what its tokens name as {@code iss}
 * @param audience what they must name as {@code aud}
 * @param prefix what stands before its subjects, so that two issuers never mean the same one
 */
public record Issuer(
        String name, String audience, Set<Algorithm> allowed, Keys keys, ClaimPaths claims, String prefix) {

    /** The gateway itself. */
    public static Issuer own(String name, String audience, VerifyKey key) {
        return new Issuer(name, audience, key.algorithms(), Keys.fixed(key), ClaimPaths.DEFAULTS, "");
    }

    static Issuer of(IssuerOptions options, Keys keys) {
        String prefix = options.issuer() + '|';
        return new Issuer(options.issuer(), options.audience(), options.allowed(), keys, options.claims(), prefix);
    }

    /** The key that signed the token; none when it was none of these. */
    public Optional<VerifyKey> signer(Jws token) {
        return keys.now().stream().filter(key -> key.verifies(token)).findFirst();
    }

    /** Whether newer keys may hold the one that the token names. */
    public boolean lacksKeyOf(Jws token) {
        return token.key().isPresent()
                && allowed.contains(token.algorithm())
                && keys.now().stream().noneMatch(key -> key.id().equals(token.key()));
    }

    public boolean isAudience(JsonObject claims) {
        Object named = claims.getValue("aud");
        return audience.equals(IssuerOptions.ANY_AUDIENCE)
                || audience.equals(named)
                || named instanceof JsonArray several && several.contains(audience);
    }
}
