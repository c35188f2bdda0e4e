package io.tidegate.proxy;

/** Thrown if an origin has no free permit and the queue for permits is full, or if no permit became free in time. */
final class BusyException extends Exception {
    private static final long serialVersionUID = 1L;

    BusyException() {
        super("no permit became free", null, false, false);
    }
}
