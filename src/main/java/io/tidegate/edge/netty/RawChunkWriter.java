package io.tidegate.edge.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.unix.Socket;
import io.netty.channel.unix.UnixChannel;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Writes chunks that are shared by many responses, bypassing the HTTP encoder, which would frame them again for each
 * response. A write copies no bytes and allocates no objects. While the channel has no pending bytes, a chunk is
 * written directly to the socket; bytes that the socket does not accept, and chunks that are written while bytes are
 * pending, go through the channel. Only the head and the end of the response are written with the response object.
 * Owned by one event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // if a write or close fails, the handlers see the channel close
public abstract class RawChunkWriter {

    /** The channel's water marks. The high-water mark limits the memory that a slow client takes up in this process. */
    private static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(8 << 10, 16 << 10);

    private final Channel channel;
    private final ChannelHandlerContext encoder;
    private final @Nullable Socket socket;
    /**
     * The socket while the channel has no pending bytes, otherwise null. Nothing else writes to the socket while the
     * response is open.
     */
    private @Nullable Socket open;

    /** A chunk (RFC 9112, 7.1), including its size line and line terminators. */
    public interface Chunk {

        /** Returns the length of the chunk in bytes. */
        int chunkLength();

        /** Returns the bytes from the given index to the end as a retained buffer, which the write releases. */
        ByteBuf chunk(int from);

        /**
         * Writes the chunk to a socket without blocking.
         *
         * @return the number of bytes that the socket accepted; 0 if this JVM does not expose the memory addresses of
         *     buffers
         */
        int sendTo(Socket socket) throws IOException;
    }

    /**
     * Creates a writer for the response whose encoder context is given.
     *
     * @param encoder the context returned by {@link Internals#chunkEncoder}
     */
    protected RawChunkWriter(ChannelHandlerContext encoder) {
        this.encoder = encoder;
        this.channel = encoder.channel();
        this.socket = socketOf(channel);
        channel.config().setWriteBufferWaterMark(WATER_MARK);
    }

    /**
     * Returns the socket if the channel sends bytes unchanged, that is, if it is a native channel without TLS;
     * otherwise null.
     */
    private static @Nullable Socket socketOf(Channel channel) {
        boolean clear = channel.pipeline().get(SslHandler.class) == null;
        return clear && channel instanceof UnixChannel unix && unix.fd() instanceof Socket socket ? socket : null;
    }

    /** Returns whether the client currently accepts bytes; false once it has disconnected. */
    public boolean writable() {
        Socket free = open;
        return free == null ? channel.isWritable() && channel.isActive() : free.isOpen();
    }

    /** Writes a chunk. Nearly all writes take only the first branch, which touches little memory. */
    protected final void writeChunk(Chunk chunk) {
        Socket free = open;
        // A closed socket must not be written to, because the kernel may have reused its descriptor for another
        // connection.
        if (free != null && free.isOpen()) {
            writeFrom(send(free, chunk), chunk);
        } else if (channel.isActive()) {
            open = channel.bytesBeforeUnwritable() < WATER_MARK.high() ? null : socket;
            writeFrom(open == null ? 0 : send(open, chunk), chunk);
        }
    }

    private void writeFrom(int sent, Chunk chunk) {
        if (sent < chunk.chunkLength()) {
            open = null;
            encoder.writeAndFlush(chunk.chunk(sent), channel.voidPromise());
        }
    }

    private static int send(Socket socket, Chunk chunk) {
        try {
            return chunk.sendTo(socket);
        } catch (IOException broken) {
            // The subsequent write through the channel fails with the same error, which closes the channel.
            return 0;
        }
    }

    /**
     * Closes the connection immediately. Ending the response would wait for the bytes written earlier, which a stalled
     * client never accepts.
     */
    public void abort() {
        channel.close();
    }

    /**
     * Runs the action when the socket has accepted everything written so far. The action is not run if the client
     * disconnects before that.
     */
    public void whenWritable(Runnable action) {
        // Writes keep their order, so an empty write completes after all earlier ones.
        encoder.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> {
            if (written.isSuccess()) {
                action.run();
            }
        });
    }
}
