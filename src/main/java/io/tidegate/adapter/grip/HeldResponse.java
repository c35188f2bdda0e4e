package io.tidegate.adapter.grip;

import io.tidegate.delivery.sse.Admission;
import io.tidegate.delivery.sse.CloseReason;
import io.tidegate.event.Cursor;
import io.vertx.core.http.HttpServerResponse;

/**
 * A client that waits for a published response, and receives the origin's own response if none arrives in time. Owned
 * by one event loop.
 */
final class HeldResponse extends HeldClient {

    private int secondsLeft;
    private HeldReply reply;

    /**
     * Creates a waiting client.
     *
     * @param fallback the origin's own response
     */
    HeldResponse(
            HttpServerResponse response,
            Holds holds,
            HoldGroup group,
            Admission.Owner owner,
            HandoffWindow window,
            Cursor from,
            int seconds,
            HeldReply fallback) {
        super(response, holds, group, owner, window, from);
        this.secondsLeft = seconds;
        this.reply = fallback;
    }

    @Override
    protected boolean ready() {
        return true;
    }

    @Override
    void show(Delivery delivery) {
        delivery.reply().ifPresent(published -> reply = published);
        if (delivery.reply().isPresent() || delivery.close()) {
            end(CloseReason.COMPLETE);
        }
    }

    @Override
    void onSecond() {
        if (secondsLeft-- <= 0) {
            end(CloseReason.COMPLETE);
        }
    }

    @Override
    void lost(CloseReason reason) {
        end(reason);
    }

    @Override
    void finish() {
        reply.send(response);
    }
}
