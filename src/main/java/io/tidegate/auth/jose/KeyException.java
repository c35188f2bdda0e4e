package io.tidegate.auth.jose;

import org.jspecify.annotations.Nullable;

/** Thrown if keys cannot be used, which prevents startup. The message is for the operator and names the file or URL. */
public final class KeyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public KeyException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
