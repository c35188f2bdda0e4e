package io.tidegate.grip;

import io.tidegate.event.Event;
import io.tidegate.event.EventType;
import io.tidegate.event.Selection;
import io.tidegate.event.Topic;
import io.tidegate.event.TopicPattern;
import io.tidegate.hub.Hub;
import io.tidegate.hub.Reader;
import io.tidegate.hub.Seat;
import io.vertx.core.buffer.Buffer;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** All clients of one event loop that are held on the same channels. Owned by that event loop. */
final class HoldGroup implements Reader {

    private final Hub hub;
    private final Seat seat;
    private final Runnable emptied;
    private final Set<HeldStream> held = new LinkedHashSet<>();

    HoldGroup(List<Topic> topics, Hub hub, Runnable emptied) {
        this.hub = hub;
        this.emptied = emptied;
        List<TopicPattern> patterns = topics.stream().map(TopicPattern::of).toList();
        this.seat = hub.join(
                new Selection(patterns, List.of(new EventType.Pattern(Channel.STREAM.name())), patterns), this);
    }

    void add(HeldStream stream) {
        held.add(stream);
    }

    void leave(HeldStream stream) {
        if (held.remove(stream) && held.isEmpty()) {
            hub.leave(seat);
            emptied.run();
        }
    }

    List<HeldStream> held() {
        return List.copyOf(held);
    }

    /** What came in one turn goes out as one write; the bytes are made once for all. */
    @Override
    public void deliver(List<Event> events) {
        Buffer content = Buffer.buffer();
        boolean close = false;
        for (Event event : events) {
            Optional<Item> item = Item.of(event);
            if (item.isPresent() && !close) {
                content.appendBuffer(item.get().content());
                close = item.get().close();
            }
        }
        for (HeldStream stream : held()) {
            if (content.length() > 0) {
                stream.write(content);
            }
            if (close) {
                stream.end();
            }
        }
    }
}
