package io.tidegate.delivery.sse;

import io.netty.buffer.ByteBuf;
import io.netty.channel.unix.Socket;
import io.tidegate.edge.netty.RawChunkWriter;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Encoded frames, ready for any number of streams: once as one HTTP/1.1 chunk in direct memory, to be written to a
 * channel without a copy, and once, where a stream needs it, as a plain buffer. Closed by whoever made it, when every
 * stream has been handed it. Owned by one event loop.
 */
final class Frames implements RawChunkWriter.Chunk, AutoCloseable {

    /** Room before the frames for the chunk's size in hexadecimal and CRLF. */
    static final int CHUNK_HEAD = 10;

    private static final byte[] HEX = "0123456789abcdef".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

    private final ByteBuf chunk;
    private final int start;
    private final int length;
    private final long address;
    private final int chunkLength;
    private @Nullable Buffer plain;

    /**
     * Takes over a buffer.
     *
     * @param buffer {@link #CHUNK_HEAD} bytes to be filled here, then the frames
     */
    Frames(ByteBuf buffer) {
        this.chunk = buffer;
        this.start = buffer.readerIndex() + CHUNK_HEAD;
        this.length = buffer.writerIndex() - start;
        buffer.writeShort('\r' << 8 | '\n');
        writeSize();
        this.address = buffer.hasMemoryAddress() ? buffer.memoryAddress() + buffer.readerIndex() : 0;
        this.chunkLength = buffer.readableBytes();
    }

    /**
     * The frames as one chunk of RFC 9112, 7.1, from some byte of it on; every call is one more reference, which the
     * write releases.
     */
    @Override
    public ByteBuf chunk(int from) {
        return chunk.retainedDuplicate().skipBytes(from);
    }

    /** How many bytes the chunk has. */
    @Override
    public int chunkLength() {
        return chunkLength;
    }

    /**
     * Hands the chunk to a socket, without waiting.
     *
     * @return how many bytes of it the socket took; none where a virtual machine does not tell where memory is
     */
    @Override
    public int sendTo(Socket socket) throws IOException {
        return address == 0 ? 0 : socket.sendAddress(address, 0, chunkLength);
    }

    /** The frames alone, on the heap; the same buffer at every call. */
    Buffer plain() {
        if (plain == null) {
            byte[] bytes = new byte[length];
            chunk.getBytes(start, bytes);
            plain = Buffer.buffer(bytes);
        }
        return plain;
    }

    int length() {
        return length;
    }

    @Override
    public void close() {
        chunk.release();
    }

    /** Right-aligned before the frames, so that the chunk has no leading zeros. */
    private void writeSize() {
        int at = start;
        chunk.setByte(--at, '\n');
        chunk.setByte(--at, '\r');
        for (int rest = length; rest > 0 || at == start - 2; rest >>>= 4) {
            chunk.setByte(--at, HEX[rest & 15]);
        }
        chunk.readerIndex(at);
    }
}
