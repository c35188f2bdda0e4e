package io.tidegate.http;

import static io.vertx.core.http.HttpMethod.HEAD;

import io.tidegate.delivery.sse.StreamHandlers;
import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;

/** Which form of an answer a request asks for, where a path has more than one. */
final class AcceptHeader {

    private AcceptHeader() {}

    /** The stream for who asks for one; a HEAD never does, since a stream without a body would not end. */
    static Handler<RoutingContext> either(Handler<RoutingContext> stream, Handler<RoutingContext> json) {
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
