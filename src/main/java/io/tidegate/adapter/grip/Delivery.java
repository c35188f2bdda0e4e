package io.tidegate.adapter.grip;

import io.tidegate.event.Event;
import io.tidegate.event.Topic;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The items of several events for the clients of one {@link HoldKey}, encoded once for all of them.
 *
 * @param content the bytes to write to streams
 * @param close whether the hold ends after the content
 * @param reply the first published response, for clients that wait for one
 * @param ids the ids of the last items on the channels of the clients, after these items; see {@link HoldKey#idsAfter}
 */
record Delivery(Buffer content, boolean close, Optional<HeldReply> reply, Map<Topic, String> ids) {

    /** @param before the ids of the last items before these */
    static Delivery of(HoldKey key, Map<Topic, String> before, List<Event> events, HoldMetrics metrics) {
        Map<Topic, String> ids = before;
        Buffer content = Buffer.buffer();
        for (Event event : events) {
            ids = key.idsAfter(event, ids);
            Optional<GripItem> item = key.itemFor(event, ids, metrics);
            if (item.isPresent()) {
                content.appendBuffer(item.get().content());
                if (item.get().close() || item.get().reply().isPresent()) {
                    return new Delivery(content, item.get().close(), item.get().reply(), ids);
                }
            }
        }
        return new Delivery(content, false, Optional.empty(), ids);
    }
}
