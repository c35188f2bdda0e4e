package io.tidegate.event;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Computes SHA-256 digests, which identify bytes without revealing them. */
public final class Sha256 {

    /**
     * The digest that is cloned for each use, because a lookup among the security providers takes longer than computing
     * most digests.
     */
    private static final MessageDigest PROTOTYPE = fromProvider();

    private Sha256() {}

    public static byte[] of(byte[] bytes) {
        return create().digest(bytes);
    }

    public static byte[] of(String text) {
        return of(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Returns a new digest, to be updated with bytes. */
    public static MessageDigest create() {
        try {
            return (MessageDigest) PROTOTYPE.clone();
        } catch (CloneNotSupportedException someProviders) {
            return fromProvider();
        }
    }

    private static MessageDigest fromProvider() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException everyPlatformHasIt) {
            throw new IllegalStateException(everyPlatformHasIt);
        }
    }
}
