package io.tidegate.bench;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Scans an event stream for the stamp of each event and for the last event ID, regardless of how the bytes are split.
 * Does not allocate an object per event. Owned by one event loop.
 */
final class EventScanner {

    /** Receives each event when its block of lines is complete. */
    @FunctionalInterface
    interface Sink {
        void event(int series, int sequence, long nanos);
    }

    private static final byte[] ID = "id:".getBytes(StandardCharsets.US_ASCII);
    private static final int MAX_ID = 256;

    private final int run;
    private final Sink sink;

    /**
     * The state of the current line, in this and the next two fields: its length so far, how many of its first bytes
     * match {@code id:}, and whether it contains only CR.
     */
    private int length;

    private int matched;
    private boolean onlyReturn = true;

    /** The state of the current block, in this and the following fields: its stamp, if it has one, and its ID. */
    private boolean stamped;

    private int series;
    private int sequence;
    private long nanos;
    private byte[] id = new byte[32];
    private int idLength = -1;

    private byte[] lastId = new byte[32];
    private int lastIdLength;

    /** The beginning of a stamp whose end has not yet been received. */
    private @Nullable ByteBuf cut;

    EventScanner(int run, Sink sink) {
        this.run = run;
        this.sink = sink;
    }

    /** Scans the next bytes of the stream. */
    void scan(ByteBuf in, int from, int to) {
        int at = from;
        while (at < to) {
            int end = in.indexOf(at, to, (byte) '\n');
            if (end < 0) {
                scanPart(in, at, to);
                return;
            }
            scanPart(in, at, end);
            endOfLine();
            at = end + 1;
        }
    }

    /**
     * Discards a block that was incomplete when its connection ended, as an EventSource does. The next bytes belong to
     * a new connection.
     */
    void cutOff() {
        newLine();
        stamped = false;
        idLength = -1;
    }

    /** Returns the ID of the last complete block that had one, or an empty string if there was none. */
    String lastId() {
        return new String(lastId, 0, lastIdLength, StandardCharsets.UTF_8).strip();
    }

    private void scanPart(ByteBuf in, int from, int to) {
        int at = from;
        for (; at < to && length < ID.length; at++, length++) {
            byte b = in.getByte(at);
            matched += matched == length && b == ID[length] ? 1 : 0;
            onlyReturn &= b == '\r';
        }
        length += to - at;
        if (matched == ID.length) {
            appendId(in, at, to);
        } else {
            findStamp(in, at, to);
        }
    }

    private void appendId(ByteBuf in, int from, int to) {
        idLength = Math.max(idLength, 0);
        int more = Math.min(to - from, MAX_ID - idLength);
        if (idLength + more > id.length) {
            id = Arrays.copyOf(id, MAX_ID);
        }
        in.getBytes(from, id, idLength, more);
        idLength += more;
    }

    private void endOfLine() {
        if (length == 0 || length == 1 && onlyReturn) {
            endOfBlock();
        }
        newLine();
    }

    private void newLine() {
        length = 0;
        matched = 0;
        onlyReturn = true;
        cut = null;
    }

    private void endOfBlock() {
        if (idLength >= 0) {
            byte[] other = lastId;
            lastId = id;
            lastIdLength = idLength;
            id = other;
            idLength = -1;
        }
        if (stamped) {
            stamped = false;
            sink.event(series, sequence, nanos);
        }
    }

    private void findStamp(ByteBuf in, int from, int to) {
        int at = from;
        while (cut != null) {
            int more = Math.min(cut.writableBytes(), to - at);
            cut.writeBytes(in, at, more);
            at += more;
            if (cut.isWritable()) {
                return;
            }
            cut = readStamp(cut, 0)
                    ? null
                    : cutAt(cut, cut.indexOf(1, EventStamp.LENGTH, EventStamp.BORDER), EventStamp.LENGTH);
        }
        while (!stamped && at < to) {
            at = in.indexOf(at, to, EventStamp.BORDER);
            if (at < 0) {
                return;
            }
            if (to - at < EventStamp.LENGTH) {
                cut = cutAt(in, at, to);
                return;
            }
            at += readStamp(in, at) ? EventStamp.LENGTH : 1;
        }
    }

    private static @Nullable ByteBuf cutAt(ByteBuf in, int from, int to) {
        return from < 0
                ? null
                : Unpooled.buffer(EventStamp.LENGTH, EventStamp.LENGTH).writeBytes(in, from, to - from);
    }

    private boolean readStamp(ByteBuf in, int index) {
        if (stamped || !EventStamp.at(in, index, run)) {
            return false;
        }
        stamped = true;
        series = EventStamp.series(in, index);
        sequence = EventStamp.sequence(in, index);
        nanos = EventStamp.nanos(in, index);
        return true;
    }
}
