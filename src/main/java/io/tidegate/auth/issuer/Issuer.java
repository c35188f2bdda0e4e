package io.tidegate.auth.issuer;

import io.tidegate.auth.jose.Algorithm;
import io.tidegate.auth.jose.Jws;
import io.tidegate.auth.jose.KeySet;
import io.tidegate.auth.jose.VerifyKey;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One whose tokens count here, and the keys that are its own: no key of another issuer verifies a token of this one.
 *
 * @param name what its tokens name as {@code iss}
 * @param allowed the algorithms that it may sign with, whatever its keys could do
 * @param prefix what stands before its subjects, so that two issuers never mean the same one
 */
public record Issuer(String name, Set<Algorithm> allowed, Keys keys, ClaimPaths claims, String prefix) {

    /** The gateway itself. */
    public static Issuer own(String name, String audience, VerifyKey key) {
        Keys keys = Keys.fixed(noKeys(name, audience).with(List.of(key)));
        return new Issuer(name, key.algorithms(), keys, ClaimPaths.DEFAULTS, "");
    }

    /** One that has no keys until they are read from the source. */
    static Issuer of(IssuerOptions options, KeySource source, KeyOptions every, Clock clock) {
        String name = options.issuer();
        Keys keys = new Keys(name, noKeys(name, options.audience()), source, every, clock);
        return new Issuer(name, options.allowed(), keys, options.claims(), name + '|');
    }

    private static KeySet noKeys(String name, String audience) {
        return KeySet.of(name, Optional.of(audience).filter(named -> !named.equals(IssuerOptions.ANY_AUDIENCE)));
    }

    /**
     * Verifies that a key of this issuer has signed the token and that it is for the audience. Reads the keys again when the
     * token names one that is not there.
     *
     * @return the key; fails otherwise. Done at once unless the keys are read, and then on any thread.
     */
    public Future<VerifyKey> verify(Jws token) {
        if (!allowed.contains(token.algorithm())) {
            return Future.failedFuture("an algorithm that the issuer may not use");
        }
        return keys.now().verify(token).recover(refused -> newer(token)
                .compose(read -> read ? keys.now().verify(token) : Future.failedFuture(refused)));
    }

    private Future<Boolean> newer(Jws token) {
        return lacksKeyOf(token) ? keys.ask() : Future.succeededFuture(false);
    }

    private boolean lacksKeyOf(Jws token) {
        return token.key().filter(id -> !keys.now().names(id)).isPresent();
    }
}
