package io.tidegate.event;

import java.time.Instant;
import java.util.Optional;

/**
 * The immutable fact a draft became when the journal committed it.
 *
 * @param time when it was committed, by the node's wall clock; order comes from the cursor alone
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

    /** Whether the event is the last of its key. */
    public boolean ends() {
        return kind().ends(type);
    }

    /** What the event is counted with against byte bounds: its characters plus a fixed overhead. */
    public int weight() {
        return 128
                + topic.name().length()
                + type.name().length()
                + key.map(String::length).orElse(0)
                + data.toString().length();
    }
}
