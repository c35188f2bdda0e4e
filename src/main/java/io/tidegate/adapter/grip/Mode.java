package io.tidegate.adapter.grip;

import io.tidegate.event.EventType;
import java.util.Locale;

/** How a client is held: on an answer that goes on, or for one that is still to come. */
public enum Mode {
    STREAM,
    RESPONSE;

    /** @throws IllegalArgumentException when there is no such mode */
    static Mode named(String text) {
        for (Mode mode : values()) {
            if (mode.text().equals(text)) {
                return mode;
            }
        }
        throw new IllegalArgumentException("a hold is that of a stream or of a response");
    }

    /** As origins and metrics have it. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What an item that is for such clients has it under. */
    String format() {
        return "http-" + text();
    }

    /** Of the events that such items are. */
    EventType type() {
        return new EventType("grip." + format());
    }
}
