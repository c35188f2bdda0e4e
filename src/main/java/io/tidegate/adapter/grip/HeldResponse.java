package io.tidegate.adapter.grip;

import io.tidegate.delivery.sse.Admission;
import io.tidegate.delivery.sse.CloseReason;
import io.tidegate.event.Cursor;
import io.vertx.core.http.HttpServerResponse;

/** A client that waits for a response, and has the origin's own when none comes in time. Owned by one event loop. */
final class HeldResponse extends HeldClient {

    private int secondsLeft;
    private HeldReply reply;

    /** @param otherwise what the origin answered */
    HeldResponse(
            HttpServerResponse response,
            Holds holds,
            HoldGroup group,
            Admission.Owner owner,
            HandoffWindow seam,
            Cursor from,
            int seconds,
            HeldReply otherwise) {
        super(response, holds, group, owner, seam, from);
        this.secondsLeft = seconds;
        this.reply = otherwise;
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
    void second() {
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
