package io.tidegate.proxy;

import io.tidegate.proxy.origin.OriginLimits;
import io.tidegate.proxy.origin.OriginOutcome;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetSocket;
import java.util.function.Consumer;

/**
 * Owned by one event loop. Two sockets that have become one: bytes both ways, each no faster than the other side takes
 * them, until one side goes, nothing has passed for too long, or it has lasted long enough.
 */
final class Splice {

    private final Vertx vertx;
    private final NetSocket client;
    private final NetSocket service;
    private final OriginLimits allowance;
    private final Consumer<OriginOutcome> ended;
    private long end = -1;

    /** @param ended called once, at the end */
    Splice(Vertx vertx, NetSocket client, NetSocket service, OriginLimits allowance, Consumer<OriginOutcome> ended) {
        this.vertx = vertx;
        this.client = client;
        this.service = service;
        this.allowance = allowance;
        this.ended = ended;
    }

    void start() {
        CountingPipe up = CountingPipe.start(client, service);
        CountingPipe down = CountingPipe.start(service, client);
        ProgressTimeout watch = new ProgressTimeout(vertx, () -> up.bytes() + down.bytes(), this::cut);
        watch.allow(allowance.idle());
        if (!allowance.maxAge().isZero()) {
            end = vertx.setTimer(allowance.maxAge().toMillis(), old -> cut());
        }
        // What came before the end goes out, and the end behind it.
        client.endHandler(end -> service.end());
        service.endHandler(end -> client.end());
        client.exceptionHandler(OriginFailures::ignore);
        service.exceptionHandler(OriginFailures::ignore);
        service.closeHandler(gone -> finish(watch, OriginOutcome.ANSWERED));
        // From a client that has gone nothing more can come: what is held of it goes out. What is held for it is read
        // away, since a connection that is closed while paused never gives its buffers back.
        client.closeHandler(gone -> {
            down.cut();
            client.resume();
            finish(watch, OriginOutcome.ANSWERED);
        });
    }

    private void cut() {
        client.close();
        service.close();
    }

    private void finish(ProgressTimeout watch, OriginOutcome outcome) {
        watch.end();
        if (end >= 0) {
            vertx.cancelTimer(end);
        }
        ended.accept(outcome);
    }
}
