package io.tidegate.adapter.grip;

import io.tidegate.event.Event;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Optional;

/**
 * What came for the clients of one audience, made once for all of them.
 *
 * @param content for streams, what there is of it
 * @param close whether they end behind it
 * @param reply for those who wait for a response, the first that came
 */
record Delivery(Buffer content, boolean close, Optional<HeldReply> reply) {

    static Delivery of(HoldKey audience, List<Event> events, HoldMetrics metrics) {
        Buffer content = Buffer.buffer();
        for (Event event : events) {
            Optional<GripItem> item = audience.hear(event, metrics);
            if (item.isPresent()) {
                content.appendBuffer(item.get().content());
                if (item.get().close() || item.get().reply().isPresent()) {
                    return new Delivery(content, item.get().close(), item.get().reply());
                }
            }
        }
        return new Delivery(content, false, Optional.empty());
    }
}
