package io.tidegate.auth.jose;

import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.NamedParameterSpec;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.SecretKey;

/**
 * The supported signature algorithms, named as in <a href="https://www.rfc-editor.org/rfc/rfc7518#section-3.1">RFC
 * 7518, 3.1</a> and <a href="https://www.rfc-editor.org/rfc/rfc8037">RFC 8037</a>, with the keys that each accepts.
 * JWTAuth computes the signatures but accepts any key, so this class checks the keys. An algorithm accepts only keys of
 * its own type, so that a public key is never used as a secret, and only keys that are strong enough. The algorithm
 * {@code none} is not supported.
 */
public enum Algorithm {
    HS256(Family.HMAC, 256),
    HS384(Family.HMAC, 384),
    HS512(Family.HMAC, 512),
    RS256(Family.RSA, 2048),
    RS384(Family.RSA, 2048),
    RS512(Family.RSA, 2048),
    PS256(Family.RSA, 2048),
    PS384(Family.RSA, 2048),
    PS512(Family.RSA, 2048),
    ES256(Family.EC, 256),
    ES384(Family.EC, 384),
    ES512(Family.EC, 521),
    EdDSA(Family.ED, 256);

    private enum Family {
        HMAC,
        RSA,
        EC,
        ED
    }

    private final Family family;
    /** The minimum size of a secret or of an RSA modulus, or the exact size of a curve, in bits. */
    private final int bits;

    Algorithm(Family family, int bits) {
        this.family = family;
        this.bits = bits;
    }

    /** Returns the algorithm with exactly this name. */
    public static Optional<Algorithm> named(String name) {
        return Arrays.stream(values()).filter(one -> one.name().equals(name)).findFirst();
    }

    /**
     * Returns the reason why the key must not be used with this algorithm, or empty if the key is of the right type and
     * strong enough.
     */
    Optional<String> objectionTo(Key key) {
        return fits(key) ? Optional.empty() : Optional.of(name() + " needs " + need());
    }

    private boolean fits(Key key) {
        return switch (family) {
            case HMAC -> key instanceof SecretKey && key.getEncoded().length * 8 >= bits;
            case RSA -> key instanceof RSAPublicKey rsa && rsa.getModulus().bitLength() >= bits;
            case EC ->
                key instanceof ECPublicKey ec
                        && ec.getParams().getCurve().equals(curve(bits).getCurve());
            case ED ->
                key instanceof EdECPublicKey ed
                        && ed.getParams().getName().equals(NamedParameterSpec.ED25519.getName());
        };
    }

    private String need() {
        return switch (family) {
            case HMAC -> "a secret of at least " + bits / 8 + " bytes";
            case RSA -> "an RSA key of at least " + bits + " bits";
            case EC -> "a key on the curve P-" + bits;
            case ED -> "an Ed25519 key";
        };
    }

    /**
     * Returns the exact length in bytes of a signature made with this key. JWTAuth accepts other lengths: it pads short
     * signatures, ignores an odd last byte, and also accepts ECDSA signatures in ASN.1.
     */
    int signatureLength(Key key) {
        return switch (family) {
            case HMAC -> bits / 8;
            case RSA -> (((RSAPublicKey) key).getModulus().bitLength() + 7) / 8;
            case EC, ED -> 2 * ((bits + 7) / 8);
        };
    }

    /** Returns the curve P-256, P-384 or P-521. */
    static ECParameterSpec curve(int bits) {
        try {
            AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
            parameters.init(new ECGenParameterSpec("secp" + bits + "r1"));
            return parameters.getParameterSpec(ECParameterSpec.class);
        } catch (GeneralSecurityException everyJavaHasIt) {
            throw new IllegalStateException(everyJavaHasIt);
        }
    }
}
