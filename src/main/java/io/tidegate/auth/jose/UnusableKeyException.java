package io.tidegate.auth.jose;

/** A key cannot be used here. The message says why in a few words and holds nothing of the key. */
final class UnusableKeyException extends Exception {
    private static final long serialVersionUID = 1L;

    UnusableKeyException(String reason) {
        super(reason);
    }

    String reason() {
        return String.valueOf(getMessage());
    }
}
