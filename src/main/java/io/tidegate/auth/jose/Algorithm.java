package io.tidegate.auth.jose;

import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * How a token may be signed: the names of <a href="https://www.rfc-editor.org/rfc/rfc7518#section-3.1">RFC 7518, 3.1</a>
 * and <a href="https://www.rfc-editor.org/rfc/rfc8037">RFC 8037</a>, checked by what the Java platform brings. Each works
 * with keys of its own type alone, so that no public key is ever taken for a secret. There is no {@code none}.
 */
public enum Algorithm {
    HS256(Family.HMAC, "HmacSHA256", 256),
    HS384(Family.HMAC, "HmacSHA384", 384),
    HS512(Family.HMAC, "HmacSHA512", 512),
    RS256(Family.RSA, "SHA256withRSA", 0),
    RS384(Family.RSA, "SHA384withRSA", 0),
    RS512(Family.RSA, "SHA512withRSA", 0),
    PS256(Family.RSA, "SHA-256", 256),
    PS384(Family.RSA, "SHA-384", 384),
    PS512(Family.RSA, "SHA-512", 512),
    // The signature of a token is the two numbers one after the other, not their ASN.1.
    ES256(Family.EC, "SHA256withECDSAinP1363Format", 256),
    ES384(Family.EC, "SHA384withECDSAinP1363Format", 384),
    ES512(Family.EC, "SHA512withECDSAinP1363Format", 521),
    EdDSA(Family.ED, "Ed25519", 0);

    private static final int MIN_RSA_BITS = 2048;

    private enum Family {
        HMAC,
        RSA,
        EC,
        ED
    }

    private final Family family;
    private final String java;
    /** Of the hash, or of the curve. */
    private final int bits;

    Algorithm(Family family, String java, int bits) {
        this.family = family;
        this.java = java;
        this.bits = bits;
    }

    /** The algorithm with exactly this name. */
    public static Optional<Algorithm> named(String name) {
        return Arrays.stream(values()).filter(one -> one.name().equals(name)).findFirst();
    }

    /** Whether this is a key of its type, and one that is strong enough. */
    boolean fits(Key key) {
        return switch (family) {
            case HMAC -> key instanceof SecretKey && key.getEncoded().length * 8 >= bits;
            case RSA -> key instanceof RSAPublicKey rsa && rsa.getModulus().bitLength() >= MIN_RSA_BITS;
            case EC ->
                key instanceof ECPublicKey ec
                        && ec.getParams().getCurve().equals(curve(bits).getCurve());
            case ED ->
                key instanceof EdECPublicKey ed
                        && ed.getParams().getName().equals(NamedParameterSpec.ED25519.getName());
        };
    }

    /** Whether it was this key, which {@link #fits}, that signed these bytes. */
    boolean verifies(Key key, byte[] signed, byte[] signature) {
        try {
            if (key instanceof SecretKey) {
                return MessageDigest.isEqual(mac(key.getEncoded(), signed), signature);
            }
            Signature check = signature();
            check.initVerify((PublicKey) key);
            check.update(signed);
            return check.verify(signature);
        } catch (SignatureException notOfItsForm) {
            return false;
        } catch (GeneralSecurityException everyJavaHasIt) {
            throw new IllegalStateException(everyJavaHasIt);
        }
    }

    /** Signs with a secret. */
    byte[] mac(byte[] key, byte[] signed) {
        try {
            Mac mac = Mac.getInstance(java);
            mac.init(new SecretKeySpec(key, java));
            return mac.doFinal(signed);
        } catch (GeneralSecurityException everyJavaHasIt) {
            throw new IllegalStateException(everyJavaHasIt);
        }
    }

    private Signature signature() throws GeneralSecurityException {
        if (!name().startsWith("PS")) {
            return Signature.getInstance(java);
        }
        Signature check = Signature.getInstance("RSASSA-PSS");
        check.setParameter(new PSSParameterSpec(java, "MGF1", new MGF1ParameterSpec(java), bits / 8, 1));
        return check;
    }

    /** The curve P-256, P-384 or P-521. */
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
