package io.tidegate.auth.token;

import io.tidegate.event.Sha256;
import java.nio.ByteBuffer;

/** Identifies a secret without revealing it, by its SHA-256 hash. */
public record SecretHash(ByteBuffer bytes) {

    public static SecretHash of(String secret) {
        return new SecretHash(ByteBuffer.wrap(Sha256.of(secret)));
    }
}
