package io.tidegate.delivery.sse;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.junit5.VertxProvider;

/** Provides a Vert.x instance with the native transport, whose sockets direct writes use. */
public final class NativeTransport implements VertxProvider {

    @Override
    public Vertx get() {
        return Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
    }
}
