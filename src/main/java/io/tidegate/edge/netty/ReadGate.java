package io.tidegate.edge.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;

/**
 * Stops reading from an origin as soon as the client does not accept the response. Vert.x itself stops only when 24
 * pieces of the response are waiting, each of up to 64 KiB. Owned by one event loop.
 */
final class ReadGate extends ChannelOutboundHandlerAdapter {

    private static final String NAME = "read-gate";

    private boolean closed;

    /** Installs the gate, which is open. */
    static void install(ChannelHandlerContext last) {
        last.pipeline().addBefore(last.name(), NAME, new ReadGate());
    }

    static void close(Channel origin) {
        if (origin.pipeline().get(NAME) instanceof ReadGate gate) {
            gate.closed = true;
            origin.config().setAutoRead(false);
        }
    }

    static void open(Channel origin) {
        if (origin.pipeline().get(NAME) instanceof ReadGate gate && gate.closed) {
            gate.closed = false;
            origin.config().setAutoRead(true);
        }
    }

    @Override
    public void read(ChannelHandlerContext ctx) throws Exception {
        if (closed) {
            // Vert.x enables automatic reading when no piece waits in the connection, although some may wait in the
            // stream.
            ctx.channel().config().setAutoRead(false);
        } else {
            super.read(ctx);
        }
    }
}
