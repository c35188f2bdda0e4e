package io.tidegate.proxy;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The open tunnels of one event loop, by client connection. Owned by that event loop. */
final class Tunnels {

    private final Vertx vertx;
    private final Map<HttpConnection, Splice> open = new HashMap<>();
    private boolean draining;
    private Promise<Void> empty = Promise.promise();

    Tunnels(Vertx vertx) {
        this.vertx = vertx;
    }

    /** Starts a tunnel, which is tracked until the client has disconnected. */
    void add(HttpConnection connection, Splice splice) {
        open.put(connection, splice);
        splice.start(this);
    }

    void remove(Splice splice) {
        open.values().remove(splice);
        if (open.isEmpty()) {
            empty.tryComplete();
        }
    }

    /** Keeps the tunnels open while the server shuts down, until {@link #close} is called. */
    void drain() {
        draining = true;
    }

    boolean draining() {
        return draining;
    }

    boolean contains(HttpConnection connection) {
        return open.containsKey(connection);
    }

    /**
     * Begins a closing handshake with 1001 (going away) on every WebSocket, and closes the tunnels whose handshakes are
     * not complete when the limit expires.
     *
     * @return a future that completes when no tunnels are left; it never fails
     */
    Future<Void> close(Duration limit) {
        if (open.isEmpty()) {
            return Future.succeededFuture();
        }
        empty = Promise.promise();
        List.copyOf(open.values()).forEach(Splice::goAway);
        long timer = vertx.setTimer(
                limit.toMillis(), late -> List.copyOf(open.values()).forEach(Splice::close));
        return empty.future().onComplete(closed -> vertx.cancelTimer(timer));
    }
}
