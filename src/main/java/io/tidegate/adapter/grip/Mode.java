package io.tidegate.adapter.grip;

import io.tidegate.event.EventType;
import java.util.Locale;

/** The mode of a hold: either the client's response continues as a stream, or the client waits for a response. */
enum Mode {
    STREAM,
    RESPONSE;

    /**
     * Returns the mode with the given name.
     *
     * @throws IllegalArgumentException if there is no such mode
     */
    static Mode named(String text) {
        for (Mode mode : values()) {
            if (mode.text().equals(text)) {
                return mode;
            }
        }
        throw new IllegalArgumentException("the mode of a hold must be stream or response");
    }

    /** Returns the name of the mode in instructions and metrics. */
    String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns the name of the item format for clients of this mode. */
    String format() {
        return "http-" + text();
    }

    /** Returns the type of events that contain items in this format. */
    EventType type() {
        return new EventType("grip." + format());
    }
}
