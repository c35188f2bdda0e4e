package io.tidegate.delivery.poll;

import io.tidegate.edge.message.EntityTag;
import io.tidegate.edge.message.MediaType;
import io.tidegate.event.Cursor;
import io.tidegate.problem.ProblemException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;

/**
 * A JSON response body, with its entity tag and the journal position that it reflects. The position is repeated in the
 * header {@code Tidegate-Cursor} for clients that do not parse the body.
 */
record Answer(EntityTag tag, Cursor cursor, Buffer json) {

    /**
     * Sends the body, or status 304 if the client already has the body.
     *
     * @param memory accounts for the memory that a large body occupies until the client has accepted it
     * @throws ProblemException with the code {@code overloaded} if there is not enough memory
     */
    void send(RoutingContext ctx, ResponseMemory memory) {
        HttpServerResponse response = ctx.response()
                .putHeader(HttpHeaders.ETAG, tag.header())
                .putHeader(HttpHeaders.CACHE_CONTROL, "private, no-cache")
                .putHeader(HttpHeaders.VARY, "Accept, Authorization, Cookie")
                .putHeader("Tidegate-Cursor", cursor.toString());
        if (tag.matches(ctx.request().headers().getAll(HttpHeaders.IF_NONE_MATCH))) {
            response.setStatusCode(304).end();
        } else {
            response.putHeader(HttpHeaders.CONTENT_TYPE, MediaType.JSON.name());
            memory.end(ctx, json);
        }
    }
}
