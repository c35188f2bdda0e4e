package io.tidegate.proxy;

import io.vertx.core.http.HttpClientRequest;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.concurrent.TimeoutException;

/** Owned by one event loop. Gives an origin up that takes nothing of the client's body and does not answer. */
final class Wait {

    private final RoutingContext ctx;
    private final HttpClientRequest toOrigin;
    private final long millis;
    private long timer;
    private boolean over;

    private Wait(RoutingContext ctx, HttpClientRequest toOrigin, long millis) {
        this.ctx = ctx;
        this.toOrigin = toOrigin;
        this.millis = millis;
    }

    static Wait start(RoutingContext ctx, HttpClientRequest toOrigin, Duration limit) {
        Wait wait = new Wait(ctx, toOrigin, limit.toMillis());
        wait.look(ctx.request().bytesRead());
        return wait;
    }

    private void look(long before) {
        timer = ctx.vertx().setTimer(millis, id -> {
            long now = ctx.request().bytesRead();
            if (now != before) {
                look(now);
            } else {
                over = true;
                toOrigin.reset();
            }
        });
    }

    void end() {
        ctx.vertx().cancelTimer(timer);
    }

    /** Why the request to the origin failed, told that it failed so. */
    Throwable cause(Throwable failure) {
        return over ? new TimeoutException("no answer for " + millis + " ms") : failure;
    }
}
