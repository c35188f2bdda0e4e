package io.tidegate.adapter.grip;

import io.tidegate.delivery.sse.Admission;
import io.tidegate.delivery.sse.CloseReason;
import io.tidegate.event.Cursor;
import io.tidegate.proxy.ResponseInterceptor.Held;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.util.Optional;

/** A client whose answer goes on. Owned by one event loop. */
final class HeldStream extends HeldClient implements Held {

    /** What may wait for a client to read; what comes then stays in the journal until he does. */
    private static final int MOST_WAITING = 64 << 10;

    private final Optional<KeepAlive> keepAlive;
    private long waiting;
    private int quietSeconds;

    HeldStream(
            HttpServerResponse response,
            Holds holds,
            HoldGroup group,
            Admission.Owner owner,
            HandoffWindow seam,
            Cursor from,
            Optional<KeepAlive> keepAlive) {
        super(response, holds, group, owner, seam, from);
        this.keepAlive = keepAlive;
    }

    @Override
    public boolean consumesBody() {
        return false;
    }

    @Override
    public void begin(Buffer ignored) {
        follow();
        if (hasLeft() && !response.ended() && !response.closed()) {
            finish();
        }
    }

    @Override
    protected boolean ready() {
        return waiting <= MOST_WAITING;
    }

    @Override
    void show(Delivery delivery) {
        if (delivery.content().length() > 0) {
            if (keepAlive.filter(KeepAlive::interval).isEmpty()) {
                quietSeconds = 0;
            }
            send(delivery.content());
        }
        if (delivery.close()) {
            end(CloseReason.COMPLETE);
        }
    }

    @Override
    void second() {
        keepAlive.ifPresent(alive -> {
            if (++quietSeconds >= alive.seconds() && hasBegun()) {
                quietSeconds = 0;
                if (waiting == 0) {
                    send(alive.content());
                }
            }
        });
    }

    private void send(Buffer content) {
        if (!response.closed() && !response.ended()) {
            waiting += content.length();
            response.write(content).onComplete(written -> {
                waiting -= content.length();
                clientReady();
            });
        }
    }

    @Override
    void finish() {
        response.end();
    }
}
