package io.tidegate.delivery.sse;

import java.util.Locale;

/** The reason why a stream ended. */
public enum CloseReason {
    /** The client disconnected. */
    CLIENT,
    /** The last event of the stream's topic was sent. */
    COMPLETE,
    /** The stream lagged for longer, or by more bytes, than the configured limits. */
    SLOW,
    /** The caller's token was about to expire. */
    EXPIRED,
    /** An admin ended the stream. */
    ENDED,
    /** The node is shutting down. */
    DRAIN,
    /** The history could not be read, or events could not be sent. */
    ERROR;

    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
