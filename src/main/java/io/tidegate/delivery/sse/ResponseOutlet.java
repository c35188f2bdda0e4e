package io.tidegate.delivery.sse;

import io.tidegate.edge.message.BrokenResponse;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;

/** Writes through the response. This works with every protocol, at the cost of a copy and some objects per write. */
final class ResponseOutlet implements Outlet {

    private final HttpServerResponse response;
    private final HttpConnection connection;
    private final boolean shared;

    ResponseOutlet(HttpServerRequest client) {
        this.response = client.response();
        this.connection = client.connection();
        this.shared = client.version() == HttpVersion.HTTP_2;
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
            response.end().onComplete(ended -> close());
        }
    }

    @Override
    public void abort() {
        BrokenResponse.end(response);
    }

    /** Closes an HTTP/1 connection, because its small send buffer must not be used for another response. */
    private void close() {
        if (!shared) {
            connection.close();
        }
    }

    private boolean open() {
        return !response.closed() && !response.ended();
    }
}
