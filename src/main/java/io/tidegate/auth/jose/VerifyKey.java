package io.tidegate.auth.jose;

import java.security.Key;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A key of one issuer, and what it may verify. Equal to another that is the same key for the same use.
 *
 * @param id its {@code kid}; a key without one may verify whatever a token says of its key
 * @param algorithms those that its issuer may use and that fit it; more than none
 */
public record VerifyKey(Optional<String> id, Key key, Set<Algorithm> algorithms) {

    public VerifyKey {
        algorithms = Set.copyOf(algorithms);
    }

    /** A key for those algorithms that fit it; none when no one does. */
    public static Optional<VerifyKey> of(Optional<String> id, Key key, Set<Algorithm> allowed) {
        Set<Algorithm> fitting =
                allowed.stream().filter(algorithm -> algorithm.fits(key)).collect(Collectors.toSet());
        return fitting.isEmpty() ? Optional.empty() : Optional.of(new VerifyKey(id, key, fitting));
    }

    public boolean verifies(Jws token) {
        return algorithms.contains(token.algorithm())
                && (id.isEmpty() || token.key().isEmpty() || id.equals(token.key()))
                && token.algorithm()
                        .verifies(
                                key,
                                token.signed().getBytes(),
                                token.signature().getBytes());
    }

    /** Without the key, which may be a secret. */
    @Override
    public String toString() {
        return "VerifyKey[" + id.orElse("") + " " + algorithms + "]";
    }
}
