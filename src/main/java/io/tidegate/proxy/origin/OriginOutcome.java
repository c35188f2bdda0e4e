package io.tidegate.proxy.origin;

/** How a request to an origin ended. */
public enum OriginOutcome {
    /** A complete response was relayed, whatever its status. */
    ANSWERED,
    /** The origin's response or its side of a WebSocket broke off, or the response could not be used. */
    BROKEN,
    UNREACHABLE,
    TIMEOUT,
    /** No permit was available. */
    BUSY,
    /** The client disconnected before the end. */
    ABANDONED
}
