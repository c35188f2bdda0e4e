package io.tidegate.edge.netty;

/** Thrown if the body of a request has a transfer coding in addition to {@code chunked}. */
public final class UnsupportedCodingException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    UnsupportedCodingException() {
        super("the transfer coding must be chunked alone");
    }
}
