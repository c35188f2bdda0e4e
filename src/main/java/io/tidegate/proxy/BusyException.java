package io.tidegate.proxy;

/** All places for requests to an origin are taken, and those to wait in too, or none became free in time. */
final class BusyException extends Exception {
    private static final long serialVersionUID = 1L;

    BusyException() {
        super("no place became free", null, false, false);
    }
}
