package io.tidegate.edge.message;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;

/** Ends responses that have a body. */
public final class ResponseBody {

    private ResponseBody() {}

    /**
     * Ends a response with this body. The response to a {@code HEAD} request has only the length of the body
     * (<a href="https://www.rfc-editor.org/rfc/rfc9110#section-9.3.2">RFC 9110 9.3.2</a>): Vert.x omits the body over
     * HTTP/1, but not over HTTP/2, where clients treat a body as a connection error or a stream error.
     */
    public static Future<Void> end(HttpServerRequest request, Buffer body) {
        HttpServerResponse response = request.response();
        if (request.method().equals(HttpMethod.HEAD)) {
            return response.putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(body.length()))
                    .end();
        }
        return response.end(body);
    }
}
