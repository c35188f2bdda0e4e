package io.tidegate.edge.message;

import io.vertx.core.http.HttpServerResponse;

/** Ends responses whose head has been sent, but which cannot be completed. */
public final class BrokenResponse {

    /**
     * The error code of HTTP/2 (<a href="https://www.rfc-editor.org/rfc/rfc9113#section-7">RFC 9113 7</a>). With
     * {@code NO_ERROR}, browsers and other clients treat a partial response as complete.
     */
    private static final long INTERNAL_ERROR = 2;

    private BrokenResponse() {}

    /** Resets the stream, or closes an HTTP/1 connection, so that the client sees that the response is incomplete. */
    public static void end(HttpServerResponse response) {
        response.reset(INTERNAL_ERROR);
    }
}
