package io.tidegate.http;

import static io.vertx.core.http.HttpMethod.HEAD;

import io.tidegate.delivery.sse.StreamHandlers;
import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;

/** Chooses the form of a response based on the {@code Accept} header, for paths that offer more than one form. */
final class AcceptHeader {

    private AcceptHeader() {}

    /**
     * Returns a handler that chooses between stream and JSON. HEAD selects JSON, because a stream without a body would
     * never end.
     */
    static Handler<RoutingContext> negotiate(Handler<RoutingContext> stream, Handler<RoutingContext> json) {
        return ctx -> {
            boolean head = ctx.request().method().equals(HEAD);
            (StreamHandlers.acceptsEventStream(ctx) && !head ? stream : json).handle(ctx);
        };
    }

    static boolean wantsHtml(RoutingContext ctx) {
        String accept = ctx.request().getHeader("Accept");
        return accept != null && accept.contains("text/html");
    }
}
