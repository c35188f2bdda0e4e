package io.tidegate.auth.jose;

/** Thrown if a key cannot be used. The message is a short reason and contains no part of the key. */
final class UnusableKeyException extends Exception {
    private static final long serialVersionUID = 1L;

    UnusableKeyException(String reason) {
        super(reason);
    }

    String reason() {
        return String.valueOf(getMessage());
    }
}
