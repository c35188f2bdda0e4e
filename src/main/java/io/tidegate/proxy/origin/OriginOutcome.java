package io.tidegate.proxy.origin;

/** The outcome of a request to an origin. */
public enum OriginOutcome {
    /** A complete response, with any status, was relayed. */
    ANSWERED,
    /** The origin broke off its response or its side of a WebSocket, or the response could not be used. */
    BROKEN,
    UNREACHABLE,
    TIMEOUT,
    /** No permit was available. */
    BUSY,
    /** The client disconnected before the request was complete. */
    ABANDONED
}
