package io.tidegate.sse;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;

/** Where one stream's bytes go: an HTTP response whose head is written. Owned by one event loop. */
final class Outlet {

    private final HttpServerResponse response;

    Outlet(HttpServerResponse response) {
        this.response = response;
    }

    /** Whether the client takes bytes at present; false also once it has gone. */
    boolean writable() {
        return !response.closed() && !response.ended() && !response.writeQueueFull();
    }

    /** Writes whole frames; nothing happens when the client has gone. */
    void write(Buffer frames) {
        if (!response.closed() && !response.ended()) {
            response.write(frames);
        }
    }

    /** Runs the action once when {@link #writable()} has become true again. */
    void whenWritable(Runnable action) {
        if (!response.closed() && !response.ended()) {
            response.drainHandler(ignored -> {
                response.drainHandler(null);
                action.run();
            });
        }
    }

    /** Ends the response after what was written. */
    void end() {
        if (!response.closed() && !response.ended()) {
            response.end();
        }
    }

    /** Ends the connection at once: what the client has not taken is dropped. */
    void abort() {
        response.reset();
    }
}
