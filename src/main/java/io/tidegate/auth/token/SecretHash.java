package io.tidegate.auth.token;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** A name for a secret, from which the secret cannot be told: SHA-256. */
public record SecretHash(ByteBuffer bytes) {

    /** To be copied: a search through the providers for each request costs more than its hash. */
    private static final MessageDigest SHA_256 = sha256();

    public static SecretHash of(String secret) {
        try {
            MessageDigest digest = (MessageDigest) SHA_256.clone();
            return new SecretHash(ByteBuffer.wrap(digest.digest(secret.getBytes(StandardCharsets.UTF_8))));
        } catch (CloneNotSupportedException ofSomeProviders) {
            return new SecretHash(ByteBuffer.wrap(sha256().digest(secret.getBytes(StandardCharsets.UTF_8))));
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException everyJavaHasIt) {
            throw new IllegalStateException(everyJavaHasIt);
        }
    }
}
