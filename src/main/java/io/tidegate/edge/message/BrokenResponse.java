package io.tidegate.edge.message;

import io.vertx.core.http.HttpServerResponse;

/** Ends responses that cannot be completed although their heads have been sent. */
public final class BrokenResponse {

    /**
     * The HTTP/2 error code (<a href="https://www.rfc-editor.org/rfc/rfc9113#section-7">RFC 9113 7</a>). With
     * {@code NO_ERROR}, browsers and other clients treat a partial response as complete.
     */
    private static final long INTERNAL_ERROR = 2;

    private BrokenResponse() {}

    /**
     * Resets the HTTP/2 stream, or closes the HTTP/1 connection, so that the client can tell that the response is
     * incomplete.
     */
    public static void end(HttpServerResponse response) {
        response.reset(INTERNAL_ERROR);
    }
}
