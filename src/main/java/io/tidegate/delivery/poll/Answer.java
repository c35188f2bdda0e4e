package io.tidegate.delivery.poll;

import io.tidegate.edge.message.EntityTag;
import io.tidegate.edge.message.MediaType;
import io.tidegate.edge.message.ResponseBody;
import io.tidegate.event.Cursor;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;

/**
 * A JSON response body with its entity tag and the position at which it is exact. The header {@code Tidegate-Cursor}
 * repeats the position for clients that do not parse the body.
 */
record Answer(EntityTag tag, Cursor cursor, Buffer json) {

    /** Sends the body, or 304 if the client already has it. */
    void send(RoutingContext ctx) {
        HttpServerResponse response = ctx.response()
                .putHeader(HttpHeaders.ETAG, tag.header())
                .putHeader(HttpHeaders.CACHE_CONTROL, "private, no-cache")
                .putHeader(HttpHeaders.VARY, "Accept, Authorization, Cookie")
                .putHeader("Tidegate-Cursor", cursor.toString());
        if (tag.matches(ctx.request().headers().getAll(HttpHeaders.IF_NONE_MATCH))) {
            response.setStatusCode(304).end();
        } else {
            response.putHeader(HttpHeaders.CONTENT_TYPE, MediaType.JSON.name());
            ResponseBody.end(ctx.request(), json);
        }
    }
}
