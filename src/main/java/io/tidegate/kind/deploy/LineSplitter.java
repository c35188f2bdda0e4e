package io.tidegate.kind.deploy;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * Makes lines of bytes. LF, CR and CRLF each end a line: a progress bar that redraws itself with CR is seen while it
 * moves. Bytes that are not UTF-8 become U+FFFD. Of a line that has then more than {@link #MAX_BYTES} of UTF-8, as many
 * whole characters are kept as fit, and the rest of it is skipped. Owned by one thread.
 */
public final class LineSplitter {

    public static final int MAX_BYTES = 8 << 10;

    /** Three bytes more than are kept: a character cut here begins after the bytes that fit, and is dropped with them. */
    private static final int KEPT_BYTES = MAX_BYTES + 3;

    /** Takes each line as it ends. */
    public interface Sink {
        void line(String text, boolean truncated);
    }

    private final Sink sink;
    private final byte[] kept = new byte[KEPT_BYTES];
    private int size;
    private boolean afterCr;

    public LineSplitter(Sink sink) {
        this.sink = sink;
    }

    /** Splits text that is complete: its last line may have an end or not, and empty text is one empty line. */
    static void split(String text, Sink sink) {
        byte[] bytes = text.getBytes(UTF_8);
        LineSplitter splitter = new LineSplitter(sink);
        splitter.feed(bytes, bytes.length);
        if (bytes.length == 0 || !endsLine(bytes[bytes.length - 1])) {
            splitter.emit();
        }
    }

    public void feed(byte[] bytes, int length) {
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

    /** The bytes are at their end: what has no line end is a line all the same. */
    public void finish() {
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

    /** How many chars of the text have together at most {@link #MAX_BYTES} of UTF-8. */
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
