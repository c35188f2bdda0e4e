package io.tidegate.delivery.sse;

import java.util.Locale;

/** Why a stream ended. */
public enum CloseReason {
    /** The client went away. */
    CLIENT,
    /** What it told of is over, and it has been told to the end. */
    COMPLETE,
    /** It was behind longer or further than configured. */
    SLOW,
    /** Its token ended. */
    EXPIRED,
    /** Somebody who may do so ended it. */
    ENDED,
    /** The node is shutting down. */
    DRAIN,
    /** The history could not be read. */
    ERROR;

    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
