package io.tidegate.bench;

/** Thrown when no measurement was possible. The message states the reason for the user. */
public final class BenchException extends Exception {

    private static final long serialVersionUID = 1;

    public BenchException(String message) {
        super(message);
    }
}
