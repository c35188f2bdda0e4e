package io.tidegate.proxy;

import io.tidegate.field.Forwarding;
import io.tidegate.origin.Origin;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;

/** Owned by one event loop. What is done to heads on their way, and to whom clients may be left. */
record Passage(Forwarding forwarding, Hold hold) {

    void write(HttpServerRequest request, Origin origin, URI server, HttpClientRequest toOrigin) {
        forwarding.write(request, origin, server, toOrigin);
        hold.ask(toOrigin.headers());
    }
}
