package io.tidegate.proxy;

import io.tidegate.proxy.origin.OriginLimits;
import io.tidegate.proxy.origin.OriginOutcome;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetSocket;
import java.util.function.Consumer;

/**
 * Copies bytes between two sockets in both directions, with back-pressure, until one side closes, the idle timeout
 * passes, or the maximum age is reached. Owned by one event loop.
 */
final class Splice {

    private final Vertx vertx;
    private final NetSocket client;
    private final NetSocket service;
    private final OriginLimits limits;
    private final Consumer<OriginOutcome> ended;
    private final WebSocketOutput toService;
    private final WebSocketOutput toClient;
    private final boolean webSocket;
    private boolean goingAway;
    private long maxAgeTimer = -1;

    /**
     * Creates a splice, which {@link #start} starts.
     *
     * @param webSocket whether the bytes are WebSocket frames
     * @param ended the callback that runs once, when copying has ended
     */
    Splice(
            Vertx vertx,
            NetSocket client,
            NetSocket service,
            boolean webSocket,
            OriginLimits limits,
            Consumer<OriginOutcome> ended) {
        this.vertx = vertx;
        this.client = client;
        this.service = service;
        this.toService = new WebSocketOutput(service, true, client::close);
        this.toClient = new WebSocketOutput(client, false, service::close);
        this.webSocket = webSocket;
        this.limits = limits;
        this.ended = ended;
    }

    /**
     * Starts copying.
     *
     * @param tunnels the event loop's tunnels, from which this one is removed when the client has disconnected
     */
    void start(Tunnels tunnels) {
        client.shutdownHandler(grace -> {
            // While the node is draining, the server is shut down before the tunnels are closed.
            if (!tunnels.draining()) {
                close();
            }
        });
        ProgressTimeout idleTimeout = new ProgressTimeout(vertx, this::close);
        idleTimeout.allow(limits.idle());
        new ProgressPipe(client, webSocket ? toService : service, idleTimeout::progressed).start();
        ProgressPipe down = new ProgressPipe(service, webSocket ? toClient : client, idleTimeout::progressed).start();
        if (!limits.maxAge().isZero()) {
            maxAgeTimer = vertx.setTimer(limits.maxAge().toMillis(), fired -> close());
        }
        // All bytes that arrived before the end are written first; then the end is passed on.
        client.endHandler(ignored -> passEnd(service));
        service.endHandler(ignored -> passEnd(client));
        client.exceptionHandler(OriginFailures::ignore);
        service.exceptionHandler(OriginFailures::ignore);
        service.closeHandler(closed -> finish(idleTimeout, OriginOutcome.ANSWERED));
        // After the client has closed its connection, the bytes that it sent before are still written to the origin.
        // Bytes for the client are read and discarded, because a connection that is closed while it is paused never
        // releases its buffers.
        client.closeHandler(closed -> {
            down.discard();
            client.resume();
            tunnels.remove(this);
            finish(idleTimeout, OriginOutcome.ANSWERED);
        });
    }

    private void passEnd(NetSocket other) {
        // During closing handshakes that the gateway began, each side is closed when it has responded.
        if (!goingAway) {
            other.end();
        }
    }

    /**
     * Begins closing handshakes with both sides of a WebSocket, unless one side has already begun one. A tunnel for
     * another protocol is closed immediately.
     */
    void goAway() {
        if (!webSocket) {
            close();
        } else if (!toService.senderHasClosed() && !toClient.senderHasClosed()) {
            goingAway = true;
            toService.goAway();
            toClient.goAway();
        }
    }

    /** Closes both sides without a handshake. */
    void close() {
        client.close();
        service.close();
    }

    private void finish(ProgressTimeout idleTimeout, OriginOutcome outcome) {
        idleTimeout.end();
        if (maxAgeTimer >= 0) {
            vertx.cancelTimer(maxAgeTimer);
        }
        ended.accept(outcome);
    }
}
