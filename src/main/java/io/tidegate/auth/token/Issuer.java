package io.tidegate.auth.token;

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
 * An issuer whose tokens are accepted. It has its own keys, and another issuer's key never verifies its tokens.
 *
 * @param name the {@code iss} of its tokens
 * @param allowed the algorithms that its tokens may use, even if its keys also fit other algorithms
 * @param prefix the prefix of its subjects, which keeps subjects of different issuers distinct
 */
record Issuer(String name, Set<Algorithm> allowed, Keys keys, ClaimPaths claims, String prefix) {

    /** Returns the issuer of the gateway's own tokens. */
    static Issuer own(String name, String audience, VerifyKey key) {
        Keys keys = Keys.fixed(noKeys(name, audience).with(List.of(key)));
        return new Issuer(name, key.algorithms(), keys, ClaimPaths.DEFAULTS, "");
    }

    /** Returns an issuer that has no keys until they are read from the source. */
    static Issuer of(IssuerOptions options, KeySource source, KeyOptions every, Clock clock) {
        String name = options.issuer();
        Keys keys = new Keys(name, noKeys(name, options.audience()), source, every, clock);
        return new Issuer(name, options.allowed(), keys, options.claims(), name + '|');
    }

    private static KeySet noKeys(String name, String audience) {
        return KeySet.of(name, Optional.of(audience).filter(named -> !named.equals(IssuerOptions.ANY_AUDIENCE)));
    }

    /**
     * Verifies that a key of this issuer signed the token and that the token is for the required audience. Reads the
     * keys again if the token names an unknown key.
     *
     * @return a future with the key, which fails if the token is not valid. It is already complete unless the keys must
     *     be read; then it completes later, on any thread.
     */
    Future<VerifyKey> verify(Jws token) {
        if (!allowed.contains(token.algorithm())) {
            return Future.failedFuture("the algorithm is not allowed for the issuer");
        }
        return keys.current().verify(token).recover(refused -> refreshedFor(token)
                .compose(refreshed -> refreshed ? keys.current().verify(token) : Future.failedFuture(refused)));
    }

    private Future<Boolean> refreshedFor(Jws token) {
        return namesUnknownKey(token) ? keys.refresh() : Future.succeededFuture(false);
    }

    private boolean namesUnknownKey(Jws token) {
        return token.key().filter(id -> !keys.current().names(id)).isPresent();
    }
}
