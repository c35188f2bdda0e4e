package io.tidegate.proxy;

import io.tidegate.proxy.origin.Origin;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.ext.web.RoutingContext;
import java.net.URI;

/** Writes the heads of requests to origins and lets the interceptor add its fields. Owned by one event loop. */
record RequestRewriter(Forwarding forwarding, ResponseInterceptor interceptor) {

    void write(RoutingContext ctx, Origin origin, URI server, HttpClientRequest toOrigin) {
        forwarding.write(ctx.request(), origin, server, toOrigin);
        interceptor.prepareRequest(toOrigin.headers(), ctx);
    }
}
