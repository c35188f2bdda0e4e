package io.tidegate.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FrameTrackerTest {

    private static final int[] LENGTHS = {0, 1, 125, 126, 127, 1_000, 65_535, 65_536, 70_000};

    private final Random random = new Random(1);

    @Test
    void everyBoundaryIsFoundHoweverTheBytesAreSplit() {
        Buffer all = Buffer.buffer();
        List<Integer> boundaries = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            all.appendBuffer(frame(2, LENGTHS[random.nextInt(LENGTHS.length)], random.nextBoolean()));
            boundaries.add(all.length());
        }
        FrameTracker tracker = new FrameTracker();
        List<Integer> found = new ArrayList<>();
        int from = 0;
        while (from < all.length()) {
            int to = Math.min(all.length(), from + 1 + random.nextInt(random.nextBoolean() ? 3 : 100_000));
            Buffer part = all.slice(from, to);
            for (int at = 0; at < part.length(); ) {
                at = tracker.advanceFrame(part, at);
                if (tracker.atBoundary()) {
                    found.add(from + at);
                }
            }
            from = to;
        }
        assertEquals(boundaries, found);
        assertFalse(tracker.closed());
    }

    @Test
    void aCloseFrameIsFoundOnceItIsComplete() {
        FrameTracker tracker = new FrameTracker();
        Buffer close = frame(8, 2, true);
        tracker.advance(Buffer.buffer().appendBuffer(frame(1, 300, true)).appendBuffer(close.slice(0, 7)), 0);
        assertFalse(tracker.closed());
        tracker.advance(close, 7);
        assertTrue(tracker.closed());
        assertTrue(tracker.atBoundary());
    }

    @Test
    void aFrameWithAnInvalidLengthNeverEnds() {
        FrameTracker tracker = new FrameTracker();
        tracker.advance(Buffer.buffer(new byte[] {2, 127}).appendLong(-1).appendBytes(new byte[1_000]), 0);
        assertFalse(tracker.atBoundary());
    }

    private Buffer frame(int opcode, int length, boolean masked) {
        int mask = masked ? 0x80 : 0;
        Buffer frame = Buffer.buffer().appendByte((byte) (0x80 | opcode));
        if (length < 126) {
            frame.appendByte((byte) (mask | length));
        } else if (length < 65_536) {
            frame.appendByte((byte) (mask | 126)).appendUnsignedShort(length);
        } else {
            frame.appendByte((byte) (mask | 127)).appendLong(length);
        }
        byte[] payload = new byte[length + (masked ? 4 : 0)];
        random.nextBytes(payload);
        return frame.appendBytes(payload);
    }
}
