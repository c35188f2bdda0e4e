package io.tidegate.event;

import java.time.Instant;
import java.util.Optional;

/**
 * An immutable, committed event. The journal creates it from a {@link Draft}.
 *
 * @param time the time of the commit by the node's wall clock; the order of events is determined only by the cursor
 */
public record Event(Cursor cursor, Instant time, Topic topic, EventType type, Optional<String> key, JsonText data) {

    public static Event of(Draft draft, Cursor cursor, Instant time) {
        return new Event(cursor, time, draft.topic(), draft.type(), draft.key(), draft.data());
    }

    public Kind kind() {
        return topic.kind();
    }

    public long offset() {
        return cursor.offset();
    }

    /** Returns whether this event is the last one of its key. */
    public boolean ends() {
        return kind().ends(type);
    }

    /**
     * Returns the weight of this event, which counts towards limits in bytes: the number of characters plus a fixed
     * overhead.
     */
    public int weight() {
        return 128
                + topic.name().length()
                + type.name().length()
                + key.map(String::length).orElse(0)
                + data.toString().length();
    }
}
