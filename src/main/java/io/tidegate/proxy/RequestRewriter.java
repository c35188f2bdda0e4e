package io.tidegate.proxy;

import io.tidegate.proxy.origin.Origin;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.ext.web.RoutingContext;
import java.net.URI;

/** Owned by one event loop. What is done to heads on their way, and to whom clients may be left. */
record RequestRewriter(Forwarding forwarding, ResponseInterceptor hold) {

    void write(RoutingContext ctx, Origin origin, URI server, HttpClientRequest toOrigin) {
        forwarding.write(ctx.request(), origin, server, toOrigin);
        hold.ask(toOrigin.headers(), ctx);
    }
}
