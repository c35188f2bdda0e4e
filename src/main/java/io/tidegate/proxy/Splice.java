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
    private long maxAgeTimer = -1;

    /** @param ended called once, at the end */
    Splice(Vertx vertx, NetSocket client, NetSocket service, OriginLimits limits, Consumer<OriginOutcome> ended) {
        this.vertx = vertx;
        this.client = client;
        this.service = service;
        this.limits = limits;
        this.ended = ended;
    }

    void start() {
        ProgressTimeout idleTimeout = new ProgressTimeout(vertx, this::close);
        idleTimeout.allow(limits.idle());
        new ProgressPipe(client, service, idleTimeout::progressed).start();
        ProgressPipe down = new ProgressPipe(service, client, idleTimeout::progressed).start();
        if (!limits.maxAge().isZero()) {
            maxAgeTimer = vertx.setTimer(limits.maxAge().toMillis(), fired -> close());
        }
        // Everything that arrived before the end is written before the end is passed on.
        client.endHandler(ignored -> service.end());
        service.endHandler(ignored -> client.end());
        client.exceptionHandler(OriginFailures::ignore);
        service.exceptionHandler(OriginFailures::ignore);
        service.closeHandler(closed -> finish(idleTimeout, OriginOutcome.ANSWERED));
        // After the client has closed, the bytes that it sent before are still written to the origin. Those for the
        // client are read and discarded, because a connection that is closed while it is paused never releases its
        // buffers.
        client.closeHandler(closed -> {
            down.discard();
            client.resume();
            finish(idleTimeout, OriginOutcome.ANSWERED);
        });
    }

    private void close() {
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
