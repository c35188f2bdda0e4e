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
 * Writes chunks that many responses share, and bypasses the HTTP encoder, which would frame them again for each
 * response. A write copies nothing and allocates no object. While the channel is empty, a chunk is written directly to
 * its socket; bytes that the socket does not accept, and chunks that are written while the channel is not empty, go
 * through the channel. Only the head and the end of the response go through the response itself. Owned by one event
 * loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write or close ends the channel, and its handlers see that
public abstract class RawChunkWriter {

    /**
     * The water marks of the channel. The high-water mark bounds the memory that a slow client uses in this process.
     */
    private static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(8 << 10, 16 << 10);

    private final Channel channel;
    private final ChannelHandlerContext encoder;
    private final @Nullable Socket socket;
    /**
     * The socket while the channel is empty, otherwise null. Nothing else writes to the socket while the response is
     * open.
     */
    private @Nullable Socket open;

    /** A chunk (RFC 9112, 7.1), including its size and its line ends. */
    public interface Chunk {

        /** Returns the number of bytes of the chunk. */
        int chunkLength();

        /** Returns the bytes from an index to the end, with an additional reference, which the write releases. */
        ByteBuf chunk(int from);

        /**
         * Writes the chunk to a socket without blocking.
         *
         * @return the number of bytes that the socket accepted; 0 if this virtual machine does not provide memory
         *     addresses
         */
        int sendTo(Socket socket) throws IOException;
    }

    /** @param encoder the context returned by {@link Internals#chunkEncoder} */
    protected RawChunkWriter(ChannelHandlerContext encoder) {
        this.encoder = encoder;
        this.channel = encoder.channel();
        this.socket = socketOf(channel);
        channel.config().setWriteBufferWaterMark(WATER_MARK);
    }

    /** Returns the socket of a channel whose bytes are sent unchanged: a native channel without TLS. */
    private static @Nullable Socket socketOf(Channel channel) {
        boolean clear = channel.pipeline().get(SslHandler.class) == null;
        return clear && channel instanceof UnixChannel unix && unix.fd() instanceof Socket socket ? socket : null;
    }

    /** Returns whether the client accepts bytes at present; false also once it has disconnected. */
    public boolean writable() {
        Socket free = open;
        return free == null ? channel.isWritable() && channel.isActive() : free.isOpen();
    }

    /** Writes a chunk. Nearly all writes need only the first lines, which access little memory. */
    protected final void writeChunk(Chunk chunk) {
        Socket free = open;
        // A closed socket must not be written to, because the system may have reused its descriptor for another
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
            // The write through the channel fails with the same error and closes it.
            return 0;
        }
    }

    /**
     * Closes the connection at once. Ending the response would wait for the bytes written before, which a stalled
     * client never accepts.
     */
    public void abort() {
        channel.close();
    }

    /**
     * Runs the action once, when the socket has accepted everything written so far; never if the client disconnects
     * before that.
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
