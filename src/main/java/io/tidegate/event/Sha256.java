package io.tidegate.event;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** SHA-256, which names bytes without revealing them. */
public final class Sha256 {

    /** Copied for each use, because a search through the security providers costs more than most digests. */
    private static final MessageDigest PROTOTYPE = fromProvider();

    private Sha256() {}

    public static byte[] of(byte[] bytes) {
        return create().digest(bytes);
    }

    public static byte[] of(String text) {
        return of(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Returns a digest to which bytes can be added. */
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
