package io.tidegate.auth.jose;

import org.jspecify.annotations.Nullable;

/** Thrown if keys cannot be used, which prevents the start. The message names the file or URL, for the operator. */
public final class KeyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public KeyException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
