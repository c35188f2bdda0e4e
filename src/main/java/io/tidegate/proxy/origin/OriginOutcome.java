package io.tidegate.proxy.origin;

/** How a request to an origin ended. */
public enum OriginOutcome {
    /** An answer was passed on whole, whatever its status. */
    ANSWERED,
    /** The origin's answer, or its side of a WebSocket, broke off. */
    BROKEN,
    UNREACHABLE,
    TIMEOUT,
    /** There was no place for it. */
    BUSY,
    /** The client did not wait for the end. */
    ABANDONED
}
