package io.tidegate.edge.tls;

import org.jspecify.annotations.Nullable;

/** A certificate or a key that cannot be used; the message names the setting and the file. */
public final class TlsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TlsException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
