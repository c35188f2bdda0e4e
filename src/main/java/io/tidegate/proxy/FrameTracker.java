package io.tidegate.proxy;

import io.vertx.core.buffer.Buffer;

/**
 * Finds the boundaries of WebSocket frames in a byte stream
 * (<a href="https://www.rfc-editor.org/rfc/rfc6455#section-5.2">RFC 6455, 5.2</a>). Only frame headers are parsed;
 * payloads are skipped.
 */
final class FrameTracker {

    private static final int CLOSE = 8;
    private static final int SHORTEST_HEADER = 2;
    private static final int MASKED = 0x80;
    private static final int LENGTH = 0x7F;

    /** The number of bytes of the current frame header that have been read; 0 between two frames. */
    private int read;
    /** The minimum size of the current frame header, given the bytes that have been read. */
    private int size = SHORTEST_HEADER;
    /** The position at which the length field in the header ends. */
    private int lengthEnd = SHORTEST_HEADER;
    /** The number of payload bytes that have not been read yet. */
    private long left;

    private int opcode;
    private boolean closed;

    /** Returns whether the bytes that have been read end at a frame boundary. */
    boolean atBoundary() {
        return read == 0;
    }

    /** Returns whether a complete Close frame has been found. */
    boolean closed() {
        return closed;
    }

    /** Reads all bytes from an index. */
    void advance(Buffer bytes, int from) {
        int at = from;
        while (at < bytes.length()) {
            at = advanceFrame(bytes, at);
        }
    }

    /**
     * Reads bytes from an index to the end of the current frame, or to the last byte.
     *
     * @return the index after the last byte that was read
     */
    int advanceFrame(Buffer bytes, int from) {
        int at = from;
        while (read < size && at < bytes.length()) {
            readHeader(bytes.getUnsignedByte(at++));
        }
        if (read == size) {
            int skipped = (int) Math.min(left, bytes.length() - at);
            at += skipped;
            left -= skipped;
            if (left == 0) {
                closed |= opcode == CLOSE;
                read = 0;
                size = SHORTEST_HEADER;
                lengthEnd = SHORTEST_HEADER;
            }
        }
        return at;
    }

    private void readHeader(int octet) {
        if (read == 0) {
            opcode = octet & 0x0F;
        } else if (read == 1) {
            int length = octet & LENGTH;
            lengthEnd = SHORTEST_HEADER + (length == 126 ? Short.BYTES : length == 127 ? Long.BYTES : 0);
            size = lengthEnd + ((octet & MASKED) == 0 ? 0 : Integer.BYTES);
            left = length < 126 ? length : 0;
        } else if (read < lengthEnd) {
            left = left << 8 | octet;
            if (left < 0) {
                // The most significant bit must be 0 (RFC 6455, 5.2), so the frame is invalid and is treated as
                // endless.
                left = Long.MAX_VALUE;
            }
        }
        read++;
    }
}
