package io.tidegate.edge.tls;

import org.jspecify.annotations.Nullable;

/** Thrown if a certificate or a key cannot be used. The message contains the setting and the file. */
final class TlsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TlsException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
