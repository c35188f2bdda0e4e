package io.tidegate.adapter.grip;

import io.tidegate.event.Event;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Optional;

/**
 * The items of several events for the clients of one {@link HoldKey}, encoded once for all of them.
 *
 * @param content the bytes to write to streams
 * @param close whether the hold ends after the content
 * @param reply the first published response, for clients that wait for one
 */
record Delivery(Buffer content, boolean close, Optional<HeldReply> reply) {

    static Delivery of(HoldKey key, List<Event> events, HoldMetrics metrics) {
        Buffer content = Buffer.buffer();
        for (Event event : events) {
            Optional<GripItem> item = key.itemFor(event, metrics);
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
