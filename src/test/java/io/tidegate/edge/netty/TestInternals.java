package io.tidegate.edge.netty;

import io.netty.channel.ChannelHandlerContext;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;

/** Provides individual uses of internals for test servers that have fewer handlers than the gateway. */
public final class TestInternals {

    private TestInternals() {}

    /** Captures the trailers of an HTTP/1 connection; has no effect on other connections. */
    public static void captureTrailers(HttpConnection connection) {
        ChannelHandlerContext last = ((ConnectionBase) connection).channelHandlerContext();
        if (last.pipeline().get("httpDecoder") != null) {
            TrailerCapture.install(last);
        }
    }
}
