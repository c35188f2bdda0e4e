package io.tidegate.bench;

/** Thrown if no measurement was possible. The message tells the user why. */
public final class BenchException extends Exception {

    private static final long serialVersionUID = 1;

    public BenchException(String message) {
        super(message);
    }
}
