package io.tidegate.publish;

import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;

/** How the answers to publishes go out. Called on the event loop of the connection. */
@FunctionalInterface
public interface Replies {

    /** By the response; a failure goes to the context's failure handler. */
    Replies BY_RESPONSE = (ctx, reply) -> reply.onSuccess(known -> {
                known.headers().forEach(ctx.response()::putHeader);
                ctx.response().setStatusCode(known.status()).end(known.body());
            })
            .onFailure(ctx::fail);

    /** Answers a request when its reply is there; a failure becomes the answer that says so. */
    void send(RoutingContext ctx, Future<Reply> reply);
}
