package io.tidegate.kind.deploy;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * Splits bytes into lines. LF, CR and CRLF each end a line, so that the steps of a progress bar that redraws itself
 * with CR are visible. Bytes that are not UTF-8 are replaced with U+FFFD. A line that is then longer than
 * {@link #MAX_BYTES} bytes of UTF-8 is truncated to the whole characters that fit. Owned by one thread.
 */
final class LineSplitter {

    static final int MAX_BYTES = 8 << 10;

    /**
     * The number of bytes that are kept of a line. It is three bytes above the limit, so that a character that is cut
     * off here begins beyond the limit and is dropped anyway.
     */
    private static final int KEPT_BYTES = MAX_BYTES + 3;

    /** Receives each line when it is complete. */
    interface Sink {
        void line(String text, boolean truncated);
    }

    private final Sink sink;
    private final byte[] kept = new byte[KEPT_BYTES];
    private int size;
    private boolean afterCr;

    LineSplitter(Sink sink) {
        this.sink = sink;
    }

    /**
     * Splits a complete text. The last line may or may not have a line terminator. An empty text is a single empty
     * line.
     */
    static void split(String text, Sink sink) {
        byte[] bytes = text.getBytes(UTF_8);
        LineSplitter splitter = new LineSplitter(sink);
        splitter.feed(bytes, bytes.length);
        if (bytes.length == 0 || !endsLine(bytes[bytes.length - 1])) {
            splitter.emit();
        }
    }

    void feed(byte[] bytes, int length) {
        for (int i = 0; i < length; i++) {
            byte b = bytes[i];
            boolean secondHalf = b == '\n' && afterCr;
            afterCr = b == '\r';
            if (endsLine(b)) {
                if (!secondHalf) {
                    emit();
                }
            } else if (size < KEPT_BYTES) {
                kept[size++] = b;
            }
        }
    }

    /** Ends the input. A last line without a line terminator is emitted. */
    void finish() {
        if (size > 0) {
            emit();
        }
    }

    private void emit() {
        String text = new String(kept, 0, size, UTF_8);
        size = 0;
        int fits = fitting(text);
        sink.line(text.substring(0, fits), fits < text.length());
    }

    /** Returns the length, in chars, of the longest prefix that has at most {@link #MAX_BYTES} bytes of UTF-8. */
    private static int fitting(String text) {
        int bytes = 0;
        for (int i = 0; i < text.length(); ) {
            int codePoint = text.codePointAt(i);
            bytes += codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
            if (bytes > MAX_BYTES) {
                return i;
            }
            i += Character.charCount(codePoint);
        }
        return text.length();
    }

    private static boolean endsLine(byte b) {
        return b == '\n' || b == '\r';
    }
}
