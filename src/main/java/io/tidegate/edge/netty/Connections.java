package io.tidegate.edge.netty;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.tidegate.edge.connection.ConnectionLimits;
import io.tidegate.problem.Code;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.function.Consumer;

/** Puts into a new connection what stands between its socket and its requests. */
public final class Connections {

    private Connections() {}

    /**
     * To be called on the connection's loop before anything was read from it.
     *
     * @param sockets options of the connection's server
     * @param listener hears why a client that let us wait was refused
     */
    public static void prepare(
            HttpConnection connection, HttpServerOptions sockets, ConnectionLimits limits, Consumer<Code> listener) {
        ChannelHandlerContext last = ((ConnectionBase) connection).channelHandlerContext();
        if (last.handler() instanceof Http2ConnectionHandler http2) {
            Http2FlowControlFix.install(http2, last);
            Http2IdleTimeout.install(http2, last, limits.idleTime());
        } else {
            StrictDecoder.install(last.pipeline(), sockets, limits.headers());
            SlowClientTimeout.install(last, limits, listener);
            TrailerCapture.install(last);
        }
    }
}
