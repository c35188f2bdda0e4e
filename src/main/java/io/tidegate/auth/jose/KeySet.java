package io.tidegate.auth.jose;

import io.vertx.core.Future;
import io.vertx.ext.auth.JWTOptions;
import io.vertx.ext.auth.authentication.TokenCredentials;
import io.vertx.ext.auth.jwt.JWTAuth;
import java.util.List;
import java.util.Optional;

/**
 * The keys of one issuer at one point in time, which verify that issuer's tokens. Immutable: a change of keys creates a
 * new set. A set without keys refuses every token.
 *
 * <p>Each key has its own JWTAuth. A JWTAuth shared by all keys would not report which key verified a token, and it
 * would keep only the last of several keys with the same {@code kid}.
 */
public final class KeySet {

    private static final Future<VerifyKey> NO_KEY = Future.failedFuture("no key of the issuer has signed the token");

    private final JWTOptions claims;
    private final List<Verifier> verifiers;

    private KeySet(JWTOptions claims, List<Verifier> verifiers) {
        this.claims = claims;
        this.verifiers = verifiers;
    }

    private record Verifier(VerifyKey key, JWTAuth auth) {

        /**
         * Verifies a token. JWTAuth throws on claims of unexpected types instead of failing the future; {@code compose}
         * turns the exception into a failure.
         */
        Future<VerifyKey> verify(Jws token) {
            return Future.succeededFuture(new TokenCredentials(token.token()))
                    .compose(auth::authenticate)
                    .map(key);
        }
    }

    /**
     * Returns a set without keys.
     *
     * @param issuer the required {@code iss} of tokens
     * @param audience the required {@code aud}; if empty, a token may have any {@code aud} or none
     */
    public static KeySet of(String issuer, Optional<String> audience) {
        // The caller of verify checks the time claims, because JWTAuth would compare them with the system clock.
        JWTOptions claims = new JWTOptions().setIssuer(issuer).setIgnoreExpiration(true);
        audience.ifPresent(claims::addAudience);
        return new KeySet(claims, List.of());
    }

    /** Returns a set for the same issuer that has only these keys. */
    public KeySet with(List<VerifyKey> keys) {
        return new KeySet(claims, keys.stream().map(this::verifier).toList());
    }

    /** Returns the verifier of a key. An existing verifier is reused because its JWTAuth holds per-thread state. */
    private Verifier verifier(VerifyKey key) {
        return verifiers.stream()
                .filter(known -> known.key().equals(key))
                .findFirst()
                .orElseGet(() -> new Verifier(key, key.jwtAuth(claims)));
    }

    /**
     * Verifies only the signature, the issuer and the audience of a token. The returned future is already complete.
     *
     * @return a future with the key that signed the token; it fails if no key of this set signed the token or if a
     *     claim is wrong
     */
    public Future<VerifyKey> verify(Jws token) {
        Future<VerifyKey> signer = NO_KEY;
        for (Verifier verifier : verifiers) {
            if (verifier.key().isFor(token)) {
                signer = signer.recover(refused -> verifier.verify(token));
            }
        }
        return signer;
    }

    public List<VerifyKey> keys() {
        return verifiers.stream().map(Verifier::key).toList();
    }

    public boolean contains(VerifyKey key) {
        return verifiers.stream().anyMatch(verifier -> verifier.key().equals(key));
    }

    /** Returns whether a key of this set has this {@code kid}. */
    public boolean names(String id) {
        return verifiers.stream()
                .anyMatch(verifier -> verifier.key().id().filter(id::equals).isPresent());
    }
}
