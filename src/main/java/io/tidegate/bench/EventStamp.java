package io.tidegate.bench;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/**
 * Reads and writes the stamp at the beginning of an event's data, which contains the run, the series and number of the
 * event, and its due time. A stamp has a fixed length and contains only characters that need no escaping in any
 * encoding.
 */
final class EventStamp {

    static final byte BORDER = '~';

    private static final int RUN = 4;
    private static final int SERIES = 5;
    private static final int SEQUENCE = 7;
    private static final int NANOS = 12;

    static final int LENGTH = 2 + RUN + SERIES + SEQUENCE + NANOS;
    static final int MAX_SERIES = (1 << 4 * SERIES) - 1;
    static final int MAX_SEQUENCE = (1 << 4 * SEQUENCE) - 1;
    static final int MAX_RUN = (1 << 4 * RUN) - 1;

    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private EventStamp() {}

    static void write(ByteBuf out, int run, int series, int sequence, long nanos) {
        out.writeByte(BORDER);
        digits(out, run, RUN);
        digits(out, series, SERIES);
        digits(out, sequence, SEQUENCE);
        digits(out, nanos, NANOS);
        out.writeByte(BORDER);
    }

    /**
     * Returns whether a valid stamp of the run begins at the index. At least {@link #LENGTH} bytes must be available
     * there.
     */
    static boolean at(ByteBuf in, int index, int run) {
        return in.getByte(index) == BORDER
                && in.getByte(index + LENGTH - 1) == BORDER
                && hex(in, index + 1, RUN) == run
                && hex(in, index + 1 + RUN, SERIES) >= 0
                && sequence(in, index) >= 0
                && nanos(in, index) >= 0;
    }

    static int series(ByteBuf in, int index) {
        return (int) hex(in, index + 1 + RUN, SERIES);
    }

    static int sequence(ByteBuf in, int index) {
        return (int) hex(in, index + 1 + RUN + SERIES, SEQUENCE);
    }

    static long nanos(ByteBuf in, int index) {
        return hex(in, index + 1 + RUN + SERIES + SEQUENCE, NANOS);
    }

    private static void digits(ByteBuf out, long value, int digits) {
        for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) {
            out.writeByte(HEX[(int) (value >>> shift) & 15]);
        }
    }

    /** Parses a hexadecimal number. Returns a negative value if a byte is not a hexadecimal digit. */
    private static long hex(ByteBuf in, int from, int digits) {
        long value = 0;
        for (int i = from; i < from + digits; i++) {
            int digit = digit(in.getByte(i));
            if (digit < 0) {
                return -1;
            }
            value = value << 4 | digit;
        }
        return value;
    }

    static int digit(byte b) {
        if (b >= '0' && b <= '9') {
            return b - '0';
        }
        int letter = b | 0x20;
        return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
    }
}
