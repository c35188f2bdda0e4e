package io.tidegate.auth.token;

import io.tidegate.event.Sha256;
import java.nio.ByteBuffer;

/** A name for a secret that does not reveal it: its SHA-256. */
public record SecretHash(ByteBuffer bytes) {

    public static SecretHash of(String secret) {
        return new SecretHash(ByteBuffer.wrap(Sha256.of(secret)));
    }
}
