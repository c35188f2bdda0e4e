package io.tidegate.delivery.sse;

/**
 * The destination of a stream's bytes, which is an HTTP response whose head has been written. Owned by one event loop.
 */
interface Outlet {

    /** Returns whether the client currently accepts bytes; false after it has disconnected. */
    boolean writable();

    /** Writes frames without taking ownership of them, or does nothing if the client has disconnected. */
    void write(Frames frames);

    /**
     * Runs the action when the client has accepted the bytes written so far. The action is never run if the client
     * disconnects before that.
     */
    void whenWritable(Runnable action);

    /** Ends the response after the bytes written so far. */
    void end();

    /** Ends the response immediately, dropping the bytes that the client has not accepted. */
    void abort();
}
