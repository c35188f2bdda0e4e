package io.tidegate.adapter.grip;

import io.tidegate.event.Event;
import io.tidegate.event.Topic;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The items in several events for the clients with one {@link HoldKey}, encoded once for all of these clients.
 *
 * @param content the bytes to write to streams
 * @param close whether the hold ends after the content has been sent
 * @param reply the first published response, for clients that wait for a response
 * @param ids the ids of the last items on the clients' channels after this delivery; see {@link HoldKey#idsAfter}
 */
record Delivery(Buffer content, boolean close, Optional<HeldReply> reply, Map<Topic, String> ids) {

    /**
     * Encodes the items in the events.
     *
     * @param before the ids of the last items on the channels before these events
     */
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
