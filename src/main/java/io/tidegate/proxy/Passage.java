package io.tidegate.proxy;

import io.tidegate.field.Forwarding;
import io.tidegate.origin.Origin;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.ext.web.RoutingContext;
import java.net.URI;

/** Owned by one event loop. What is done to heads on their way, and to whom clients may be left. */
record Passage(Forwarding forwarding, Hold hold) {

    void write(RoutingContext ctx, Origin origin, URI server, HttpClientRequest toOrigin) {
        forwarding.write(ctx.request(), origin, server, toOrigin);
        hold.ask(toOrigin.headers(), ctx);
    }
}
