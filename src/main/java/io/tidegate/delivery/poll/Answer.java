package io.tidegate.delivery.poll;

import io.tidegate.access.Caller;
import io.tidegate.edge.message.EntityTag;
import io.tidegate.edge.message.MediaType;
import io.tidegate.edge.message.ResponseBody;
import io.tidegate.edge.overload.OutgoingMemory;
import io.tidegate.event.Cursor;
import io.tidegate.problem.Code;
import io.tidegate.problem.Problem;
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

    private static final Problem OVERLOADED =
            new Problem(Code.OVERLOADED, "too much data waits for clients to accept it", 5);

    /**
     * Sends the body, or status 304 if the client already has the body.
     *
     * @param memory accounts for the memory that a large body occupies until the client has accepted it
     * @throws ProblemException with the code {@code overloaded} if there is not enough memory
     */
    void send(RoutingContext ctx, OutgoingMemory memory) {
        HttpServerResponse response = ctx.response()
                .putHeader(HttpHeaders.ETAG, tag.header())
                .putHeader(HttpHeaders.CACHE_CONTROL, "private, no-cache")
                .putHeader(HttpHeaders.VARY, "Accept, Authorization, Cookie")
                .putHeader("Tidegate-Cursor", cursor.toString());
        if (tag.matches(ctx.request().headers().getAll(HttpHeaders.IF_NONE_MATCH))) {
            response.setStatusCode(304).end();
        } else {
            response.putHeader(HttpHeaders.CONTENT_TYPE, MediaType.JSON.name());
            sendBody(ctx, memory);
        }
    }

    private void sendBody(RoutingContext ctx, OutgoingMemory memory) {
        int bytes = json.length();
        if (bytes <= OutgoingMemory.SMALL) {
            ResponseBody.end(ctx.request(), json);
            return;
        }
        String client =
                Caller.of(ctx).subject() + " " + ctx.request().remoteAddress().hostAddress();
        if (!memory.reserve(client, bytes)) {
            throw OVERLOADED.toException();
        }
        ResponseBody.end(ctx.request(), json).onComplete(sent -> memory.release(client, bytes));
    }
}
