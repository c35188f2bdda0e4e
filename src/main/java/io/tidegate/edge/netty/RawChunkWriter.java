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
 * Owned by one event loop. Writes chunks that many responses share past the HTTP encoder, which would frame them again for
 * each response: no copy, and no object for a write. While nothing waits in the channel, a chunk goes straight to its
 * socket; what the socket does not take, and what is written while something waits, goes through the channel. Only the head
 * and the end of the response go through the response itself.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write or close ends the channel, and its handlers see that
public abstract class RawChunkWriter {

    /** What is above the first mark waits in this process for the client; it bounds what a slow client costs. */
    private static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(8 << 10, 16 << 10);

    private final Channel channel;
    private final ChannelHandlerContext encoder;
    private final @Nullable Socket socket;
    /** The socket while nothing waits in the channel; nothing else writes to it while the response is open. */
    private @Nullable Socket open;

    /** A chunk of RFC 9112, 7.1, with its size and its line ends. */
    public interface Chunk {

        /** Returns the number of bytes. */
        int chunkLength();

        /** Returns the bytes from an index on, with one more reference, which the write releases. */
        ByteBuf chunk(int from);

        /**
         * Hands the chunk to a socket, without waiting.
         *
         * @return how many bytes the socket took; 0 if this virtual machine does not give access to addresses of memory
         */
        int sendTo(Socket socket) throws IOException;
    }

    /** @param encoder from {@link Internals#chunkEncoder} */
    protected RawChunkWriter(ChannelHandlerContext encoder) {
        this.encoder = encoder;
        this.channel = encoder.channel();
        this.socket = socketOf(channel);
        channel.config().setWriteBufferWaterMark(WATER_MARK);
    }

    /** Returns the socket of a channel that sends bytes as they are written: a native one without TLS. */
    private static @Nullable Socket socketOf(Channel channel) {
        boolean clear = channel.pipeline().get(SslHandler.class) == null;
        return clear && channel instanceof UnixChannel unix && unix.fd() instanceof Socket socket ? socket : null;
    }

    /** Returns whether the client takes bytes at present; false also once it has disconnected. */
    public boolean writable() {
        Socket free = open;
        return free == null ? channel.isWritable() && channel.isActive() : free.isOpen();
    }

    /** Writes a chunk. Nearly every event goes to nearly every stream through the first lines, which touch little memory. */
    protected final void writeChunk(Chunk chunk) {
        Socket free = open;
        // A closed socket must not be tried: the system may have given its number to another connection.
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
            // The channel meets the same error with the rest, and closes.
            return 0;
        }
    }

    /** Closes the connection at once. The end of a response waits for what was written, which a stalled client never takes. */
    public void abort() {
        channel.close();
    }

    /** Runs the action once, when the client has taken what was written; never when it disconnects before. */
    public void whenWritable(Runnable action) {
        // Writes keep their order, so an empty write completes when everything before it has gone.
        encoder.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> {
            if (written.isSuccess()) {
                action.run();
            }
        });
    }
}
