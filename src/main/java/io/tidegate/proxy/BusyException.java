package io.tidegate.proxy;

/** Thrown when an origin has no free permit and the queue for one is full, or when no permit became free in time. */
final class BusyException extends Exception {
    private static final long serialVersionUID = 1L;

    BusyException() {
        super("no permit became free", null, false, false);
    }
}
