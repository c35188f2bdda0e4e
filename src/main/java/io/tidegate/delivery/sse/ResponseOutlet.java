package io.tidegate.delivery.sse;

import io.tidegate.edge.message.BrokenResponse;
import io.vertx.core.http.HttpServerResponse;

/**
 * Writes through the response. This works for every protocol, at the cost of a copy and some objects for each write.
 */
final class ResponseOutlet implements Outlet {

    private final HttpServerResponse response;

    ResponseOutlet(HttpServerResponse response) {
        this.response = response;
    }

    @Override
    public boolean writable() {
        return open() && !response.writeQueueFull();
    }

    @Override
    public void write(Frames frames) {
        if (open()) {
            response.write(frames.plain());
        }
    }

    @Override
    public void whenWritable(Runnable action) {
        if (open()) {
            response.drainHandler(ignored -> {
                response.drainHandler(null);
                action.run();
            });
        }
    }

    @Override
    public void end() {
        if (open()) {
            response.end();
        }
    }

    @Override
    public void abort() {
        BrokenResponse.end(response);
    }

    private boolean open() {
        return !response.closed() && !response.ended();
    }
}
