package io.tidegate.delivery.poll;

import io.tidegate.edge.message.EntityTag;
import io.tidegate.edge.message.MediaType;
import io.tidegate.event.Cursor;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;

/**
 * A JSON body with its tag and the position that it is true at, which the header {@code Tidegate-Cursor} repeats for
 * those who read no bodies.
 */
record Answer(EntityTag tag, Cursor cursor, Buffer json) {

    /** Sends it, or 304 to a client that has it. */
    void send(RoutingContext ctx) {
        HttpServerResponse response = ctx.response()
                .putHeader(HttpHeaders.ETAG, tag.header())
                .putHeader(HttpHeaders.CACHE_CONTROL, "private, no-cache")
                .putHeader(HttpHeaders.VARY, "Accept, Authorization, Cookie")
                .putHeader("Tidegate-Cursor", cursor.toString());
        if (tag.matches(ctx.request().headers().getAll(HttpHeaders.IF_NONE_MATCH))) {
            response.setStatusCode(304).end();
        } else {
            response.putHeader(HttpHeaders.CONTENT_TYPE, MediaType.JSON.name()).end(json);
        }
    }
}
