package io.tidegate.http;

import io.tidegate.event.loop.EventLoop;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import java.time.Duration;
import java.util.function.Predicate;

/**
 * Stops serving clients on one event loop without cutting off requests in progress. The server accepts connections
 * until the streams have ended, because the clients of ended streams fall back to polling and publishers continue to
 * publish. Owned by its event loop.
 */
final class Drain {

    private static final long CHECK_MILLIS = 20;

    private final EventLoop loop;
    private final HttpServer server;
    private final ClientLoop clients;
    private final OpenConnections connections;
    private final Predicate<HttpConnection> carriesRequests;

    Drain(EventLoop loop, HttpServer server, ClientLoop clients, OpenConnections connections) {
        this.loop = loop;
        this.server = server;
        this.clients = clients;
        this.connections = connections;
        this.carriesRequests = connection -> !clients.proxy().isTunnel(connection);
    }

    /**
     * Drains the streams, closes the listening socket, ends the event streams of origins, and waits until all requests
     * are complete. Requests that are not
     * complete when the limit expires are cut off. WebSockets stay open.
     *
     * @param limit the time limit for requests
     * @param close the time after which the server closes every remaining connection, including WebSockets
     */
    Future<Unfinished> run(Duration limit, Duration close) {
        loop.assertHere();
        long began = System.nanoTime();
        long deadline = began + limit.toNanos();
        connections.announceEnd(close);
        return clients.drain(limit).transform(ended -> {
            Duration left = Duration.ofNanos(Math.max(1_000_000, began + close.toNanos() - System.nanoTime()));
            // Idle connections are closed before the server is, because the server would not wait until clients have
            // accepted all bytes.
            connections.closeIdle(carriesRequests, left);
            server.shutdown(left);
            // Now their clients can only reconnect to another node.
            clients.proxy().endStreams();
            return untilComplete(deadline);
        });
    }

    /**
     * Waits until no connection carries requests. This requires polling, because a connection also stops carrying
     * requests when it becomes a tunnel.
     */
    private Future<Unfinished> untilComplete(long deadline) {
        Promise<Unfinished> complete = Promise.promise();
        loop.vertx().setPeriodic(CHECK_MILLIS, timer -> {
            int busy = connections.count(carriesRequests);
            if (busy == 0 || System.nanoTime() - deadline >= 0) {
                loop.vertx().cancelTimer(timer);
                complete.complete(new Unfinished(busy, clients.proxy().requestsInProgress()));
                connections.abort(carriesRequests);
            }
        });
        return complete.future();
    }
}
