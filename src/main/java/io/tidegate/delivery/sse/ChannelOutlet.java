package io.tidegate.delivery.sse;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.unix.Socket;
import io.netty.channel.unix.UnixChannel;
import io.netty.handler.ssl.SslHandler;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.impl.ConnectionBase;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Writes shared chunks past the encoder that would frame them anew for every stream: no copy, and no object a write.
 * Where nothing waits in the channel before them, they go straight to its socket; what that does not take, and what comes
 * while something waits, goes by the channel, which knows how to wait. The response itself is used for the head and the
 * end alone.
 */
final class ChannelOutlet extends ResponseOutlet {

    /** Name that Vert.x gives the handler that turns messages into bytes. */
    private static final String ENCODER = "httpEncoder";

    /** Whatever is over the first mark waits in our memory for the client; see {@link StreamOptions#sendBuffer()}. */
    static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(8 << 10, 16 << 10);

    private final Channel channel;
    private final ChannelHandlerContext encoder;
    private final @Nullable Socket socket;
    /** The socket while nothing waits in the channel, to which nobody else writes while the stream is open. */
    private @Nullable Socket open;

    private ChannelOutlet(HttpServerResponse response, ChannelHandlerContext encoder) {
        super(response);
        this.encoder = encoder;
        this.channel = encoder.channel();
        this.socket = socketOf(channel);
    }

    /** The socket of a channel whose bytes go out as they are written: a native one without TLS. */
    private static @Nullable Socket socketOf(Channel channel) {
        boolean clear = channel.pipeline().get(SslHandler.class) == null;
        return clear && channel instanceof UnixChannel unix && unix.fd() instanceof Socket socket ? socket : null;
    }

    /** An outlet past the encoder, where the connection has one and nothing beside it has to see the bytes. */
    static Optional<Outlet> of(HttpServerRequest request) {
        if (request.version() != HttpVersion.HTTP_1_1 || !(request.connection() instanceof ConnectionBase connection)) {
            return Optional.empty();
        }
        ChannelHandlerContext encoder = connection.channel().pipeline().context(ENCODER);
        if (encoder == null || connection.channel().pipeline().get("deflater") != null) {
            return Optional.empty();
        }
        encoder.channel().config().setWriteBufferWaterMark(WATER_MARK);
        return Optional.of(new ChannelOutlet(request.response(), encoder));
    }

    @Override
    public boolean writable() {
        Socket free = open;
        return free == null ? channel.isWritable() && channel.isActive() : free.isOpen();
    }

    /** Nearly every event goes to nearly every stream by its first lines, which look at as little memory as they can. */
    @Override
    public void write(Frames frames) {
        Socket free = open;
        // A closed one is not tried: the system may have given its number to another connection.
        if (free != null && free.isOpen()) {
            writeFrom(send(free, frames), frames);
        } else if (channel.isActive()) {
            open = channel.bytesBeforeUnwritable() < WATER_MARK.high() ? null : socket;
            writeFrom(open == null ? 0 : send(open, frames), frames);
        }
    }

    private void writeFrom(int sent, Frames frames) {
        if (sent < frames.chunkLength()) {
            open = null;
            encoder.writeAndFlush(frames.chunk(sent), channel.voidPromise());
        }
    }

    /** How many bytes the socket took. */
    private static int send(Socket socket, Frames frames) {
        try {
            return frames.sendTo(socket);
        } catch (IOException broken) {
            // The channel meets the same error with what is left, and closes by it.
            return 0;
        }
    }

    /** A response waits with its end until the client has taken what was written, which a stalled one never does. */
    @Override
    public void abort() {
        channel.close();
    }

    @Override
    public void whenWritable(Runnable action) {
        // Nothing written is passed on before what was written earlier: an empty write tells when that has gone.
        encoder.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> {
            if (written.isSuccess()) {
                action.run();
            }
        });
    }
}
