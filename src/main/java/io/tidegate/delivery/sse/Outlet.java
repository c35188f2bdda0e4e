package io.tidegate.delivery.sse;

/** Where one stream's bytes go: an HTTP response whose head is written. Owned by one event loop. */
interface Outlet {

    /** Whether the client takes bytes at present; false also once it has gone. */
    boolean writable();

    /** Writes frames, without taking them over; nothing happens when the client has gone. */
    void write(Frames frames);

    /** Runs the action once, when the client has taken what was written; never when it goes away before. */
    void whenWritable(Runnable action);

    /** Ends the response after what was written. */
    void end();

    /** Ends the connection at once: what the client has not taken is dropped. */
    void abort();
}
