package io.tidegate.delivery.sse;

import io.netty.buffer.ByteBuf;
import io.netty.channel.unix.Socket;
import io.tidegate.edge.netty.RawChunkWriter;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Encoded frames that any number of streams can share. They are held as one HTTP/1.1 chunk in direct memory, which is
 * written to channels without being copied, and also as a plain buffer on the heap if a stream needs one. The creator
 * must close the frames after they have been passed to all streams. Owned by one event loop.
 */
final class Frames implements RawChunkWriter.Chunk, AutoCloseable {

    /** The number of bytes reserved before the frames for the chunk size in hexadecimal and CRLF. */
    static final int CHUNK_HEAD = 10;

    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private final ByteBuf chunk;
    private final int start;
    private final int length;
    private final long address;
    private final int chunkLength;
    private @Nullable Buffer plain;

    /**
     * Takes ownership of a buffer.
     *
     * @param buffer the frames, preceded by {@link #CHUNK_HEAD} bytes that this constructor fills in
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
     * Returns the frames as one chunk (<a href="https://www.rfc-editor.org/rfc/rfc9112#section-7.1">RFC 9112, section
     * 7.1</a>) without its first {@code from} bytes. Each call adds a reference, which is released by writing the
     * returned buffer.
     *
     * @param from the number of bytes to omit
     */
    @Override
    public ByteBuf chunk(int from) {
        return chunk.retainedDuplicate().skipBytes(from);
    }

    /** Returns the length of the chunk in bytes. */
    @Override
    public int chunkLength() {
        return chunkLength;
    }

    /**
     * Writes the chunk to a socket, without blocking.
     *
     * @return the number of bytes that the socket accepted; 0 if the JVM does not expose memory addresses
     */
    @Override
    public int sendTo(Socket socket) throws IOException {
        return address == 0 ? 0 : socket.sendAddress(address, 0, chunkLength);
    }

    /** Returns the frames on the heap, without chunk framing. Every call returns the same buffer. */
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

    /** Writes the chunk size right-aligned before the frames, so that it needs no leading zeros. */
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
