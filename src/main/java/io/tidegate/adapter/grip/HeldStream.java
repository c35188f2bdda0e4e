package io.tidegate.adapter.grip;

import io.tidegate.delivery.sse.Admission;
import io.tidegate.delivery.sse.CloseReason;
import io.tidegate.event.Cursor;
import io.tidegate.proxy.ResponseInterceptor.Held;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.util.Optional;

/** A client whose response stays open after the origin's body, as a stream of items. Owned by one event loop. */
final class HeldStream extends HeldClient implements Held {

    /**
     * The high-water mark in bytes for data that the client has not accepted yet. When the mark is exceeded, items are
     * left in the journal until the client has caught up.
     */
    private static final int HIGH_WATER_MARK = 64 << 10;

    private final Optional<KeepAlive> keepAlive;
    private long pendingBytes;
    private int quietSeconds;

    HeldStream(
            HttpServerResponse response,
            Holds holds,
            HoldGroup group,
            Admission.Owner owner,
            HandoffWindow window,
            Cursor from,
            Optional<KeepAlive> keepAlive) {
        super(response, holds, group, owner, window, from);
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
        return pendingBytes <= HIGH_WATER_MARK;
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
    void onSecond() {
        keepAlive.ifPresent(alive -> {
            if (++quietSeconds >= alive.seconds() && hasBegun()) {
                quietSeconds = 0;
                if (pendingBytes == 0) {
                    send(alive.content());
                }
            }
        });
    }

    private void send(Buffer content) {
        if (!response.closed() && !response.ended()) {
            pendingBytes += content.length();
            response.write(content).onComplete(written -> {
                pendingBytes -= content.length();
                clientReady();
            });
        }
    }

    @Override
    void finish() {
        response.end();
    }
}
