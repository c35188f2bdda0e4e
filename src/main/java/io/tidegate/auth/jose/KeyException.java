package io.tidegate.auth.jose;

import org.jspecify.annotations.Nullable;

/** There is no key that tokens can be signed with, so nothing may start. The message names the file, for the operator. */
public final class KeyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public KeyException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
