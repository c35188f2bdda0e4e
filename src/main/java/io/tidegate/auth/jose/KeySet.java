package io.tidegate.auth.jose;

import io.vertx.core.Future;
import io.vertx.ext.auth.JWTOptions;
import io.vertx.ext.auth.authentication.TokenCredentials;
import io.vertx.ext.auth.jwt.JWTAuth;
import java.util.List;
import java.util.Optional;

/**
 * The keys that one issuer has at one time, and the tokens of that issuer which they verify. Immutable: other keys are
 * another set. A set without keys verifies nothing.
 *
 * <p>Each key has a JWTAuth of its own. One JWTAuth for all keys would not tell which of them has verified a token, and of
 * keys with the same {@code kid} it would keep only the last.
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

        /** JWTAuth throws at claims of unexpected types instead of failing; compose turns that into a failure. */
        Future<VerifyKey> verify(Jws token) {
            return Future.succeededFuture(new TokenCredentials(token.token()))
                    .compose(auth::authenticate)
                    .map(key);
        }
    }

    /**
     * A set that has no keys yet.
     *
     * @param issuer what tokens must name as {@code iss}
     * @param audience what they must name as {@code aud}; without it they may name anything or nothing
     */
    public static KeySet of(String issuer, Optional<String> audience) {
        // The times are for the caller: JWTAuth would compare them with the clock of the system.
        JWTOptions claims = new JWTOptions().setIssuer(issuer).setIgnoreExpiration(true);
        audience.ifPresent(claims::addAudience);
        return new KeySet(claims, List.of());
    }

    /** A set of the same issuer with these keys and no others. */
    public KeySet with(List<VerifyKey> keys) {
        return new KeySet(claims, keys.stream().map(this::verifier).toList());
    }

    /** A key that stays keeps its JWTAuth, which holds state for each thread. */
    private Verifier verifier(VerifyKey key) {
        return verifiers.stream()
                .filter(known -> known.key().equals(key))
                .findFirst()
                .orElseGet(() -> new Verifier(key, key.jwtAuth(claims)));
    }

    /**
     * Verifies the signature, the issuer and the audience of a token, and nothing else.
     *
     * @return the key that has signed it, at once; fails when it was none of these, or when a claim is wrong
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

    /** Whether a key has this {@code kid}. */
    public boolean names(String id) {
        return verifiers.stream()
                .anyMatch(verifier -> verifier.key().id().filter(id::equals).isPresent());
    }
}
