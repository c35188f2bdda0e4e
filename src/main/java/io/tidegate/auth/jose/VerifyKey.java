package io.tidegate.auth.jose;

import io.vertx.core.buffer.Buffer;
import io.vertx.ext.auth.JWTOptions;
import io.vertx.ext.auth.PubSecKeyOptions;
import io.vertx.ext.auth.jwt.JWTAuth;
import io.vertx.ext.auth.jwt.JWTAuthOptions;
import java.security.Key;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.crypto.SecretKey;

/**
 * A key of one issuer, with the algorithms whose signatures it verifies. Two instances are equal if they have the same
 * id, key and algorithms.
 *
 * @param id the {@code kid} of the key; a key without one is tried for every token, regardless of the token's
 *     {@code kid}
 * @param algorithms the algorithms that the issuer may use and that fit the key, at least one
 */
public record VerifyKey(Optional<String> id, Key key, Set<Algorithm> algorithms) {

    public VerifyKey {
        algorithms = Set.copyOf(algorithms);
        // JWTAuth accepts unsigned tokens if it has no key, and it does not check the keys that it is given.
        if (algorithms.isEmpty()
                || algorithms.stream()
                        .anyMatch(algorithm -> algorithm.objectionTo(key).isPresent())) {
            throw new IllegalArgumentException("a key must have algorithms and fit all of them");
        }
    }

    /**
     * Returns a key with those allowed algorithms that fit it.
     *
     * @throws UnusableKeyException if no algorithm fits; the message lists what each of them needs
     */
    static VerifyKey of(Optional<String> id, Key key, Set<Algorithm> allowed) throws UnusableKeyException {
        Set<Algorithm> fitting = EnumSet.noneOf(Algorithm.class);
        List<String> objections = new ArrayList<>();
        allowed.stream().sorted().forEach(algorithm -> algorithm
                .objectionTo(key)
                .ifPresentOrElse(objections::add, () -> fitting.add(algorithm)));
        if (fitting.isEmpty()) {
            throw new UnusableKeyException(String.join(", ", objections));
        }
        VerifyKey usable = new VerifyKey(id, key, fitting);
        try {
            usable.jwtAuth(new JWTOptions());
        } catch (RuntimeException unsupported) {
            throw new UnusableKeyException("its encoding is not supported");
        }
        return usable;
    }

    /**
     * Returns whether this key may have signed the token, judging by the token's algorithm, {@code kid} and signature
     * length.
     */
    boolean isFor(Jws token) {
        return algorithms.contains(token.algorithm())
                && (id.isEmpty() || token.key().isEmpty() || id.equals(token.key()))
                && token.algorithm().signatureLength(key) == token.signatureLength();
    }

    /** Returns a JWTAuth that has only this key. */
    JWTAuth jwtAuth(JWTOptions claims) {
        JWTAuthOptions options = new JWTAuthOptions().setJWTOptions(claims);
        for (Algorithm algorithm : algorithms) {
            // The key is passed as PEM because JWTAuth rejects malformed PEM but skips a malformed JWK and may then
            // have no key.
            options.addPubSecKey(
                    new PubSecKeyOptions().setAlgorithm(algorithm.name()).setBuffer(material()));
        }
        return JwtAuths.create(options);
    }

    private Buffer material() {
        return key instanceof SecretKey
                ? Buffer.buffer(key.getEncoded())
                : Buffer.buffer(Pem.publicKey(key.getEncoded()));
    }

    /** Omits the key, which may be a secret. */
    @Override
    public String toString() {
        return "VerifyKey[" + id.orElse("") + " " + algorithms + "]";
    }
}
