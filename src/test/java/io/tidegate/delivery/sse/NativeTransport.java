package io.tidegate.delivery.sse;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.junit5.VertxProvider;

/** A Vertx with the sockets of the system itself, which direct writes go to. */
public final class NativeTransport implements VertxProvider {

    @Override
    public Vertx get() {
        return Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
    }
}
