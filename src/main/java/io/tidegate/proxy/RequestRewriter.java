package io.tidegate.proxy;

import io.tidegate.edge.message.ContentCoding;
import io.tidegate.proxy.origin.Origin;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.ext.web.RoutingContext;
import java.net.URI;

/** Writes the heads of requests to origins, and lets the interceptor add its fields. Owned by one event loop. */
record RequestRewriter(Forwarding forwarding, ResponseInterceptor interceptor) {

    void write(RoutingContext ctx, Origin origin, URI server, HttpClientRequest toOrigin) {
        forwarding.write(ctx.request(), origin, server, toOrigin);
        if (Observer.of(ctx).readsResponse()) {
            ContentCoding.acceptDecodable(toOrigin.headers());
        }
        ServerCookie.write(
                ctx,
                origin,
                server,
                forwarding.mountPath(ctx.request()),
                "https".equals(toOrigin.headers().get("X-Forwarded-Proto")));
        interceptor.prepareRequest(toOrigin.headers(), ctx);
    }
}
