package io.tidegate.delivery.sse;

import io.tidegate.event.Cursor;
import java.util.Arrays;

/**
 * The live streams of a group, side by side with their outlets: an event goes through a row of outlets, and touches a
 * stream only where its client does not keep up. Owned by one event loop.
 */
final class LiveStreams {

    /** How many are looked at before they are written to. */
    private static final int AHEAD = 16;

    private Stream[] streams = new Stream[4];
    private Outlet[] outlets = new Outlet[4];
    private int size;

    void add(Stream stream, Outlet outlet) {
        if (size == streams.length) {
            streams = Arrays.copyOf(streams, size * 2);
            outlets = Arrays.copyOf(outlets, size * 2);
        }
        put(size++, stream, outlet);
    }

    /** Takes a stream out, if it is here. */
    void remove(Stream stream) {
        int place = stream.place();
        if (place < size && streams[place] == stream) {
            // The last one takes the place, so that a thousand leaving streams do not each move the rest.
            size--;
            put(place, streams[size], outlets[size]);
            Arrays.fill(streams, size, size + 1, null);
            Arrays.fill(outlets, size, size + 1, null);
        }
    }

    /**
     * Writes frames once to each; those whose clients do not take them fall behind.
     *
     * @param before the position of a stream that does not get them
     * @return how many got them
     */
    int deliver(Frames frames, Cursor before) {
        int taken = 0;
        // Backwards, because a stream that falls behind is taken out.
        for (int to = size; to > 0; to -= Math.min(to, AHEAD)) {
            int from = Math.max(0, to - AHEAD);
            taken += writable(from, to);
            deliver(frames, before, from, to);
        }
        return taken;
    }

    /**
     * How many of some take bytes. What is known of a stream has left the processor's caches since the last event: looked
     * at one by one between writes, each would be waited for, and together they come at once.
     */
    private int writable(int from, int to) {
        int writable = 0;
        for (int i = from; i < to; i++) {
            writable += outlets[i].writable() ? 1 : 0;
        }
        return writable;
    }

    private void deliver(Frames frames, Cursor before, int from, int to) {
        for (int i = to - 1; i >= from; i--) {
            if (outlets[i].writable()) {
                outlets[i].write(frames);
            } else {
                streams[i].fallBehind(before);
            }
        }
    }

    void close(CloseReason reason) {
        for (int i = size - 1; i >= 0; i--) {
            streams[i].close(reason);
        }
    }

    boolean isEmpty() {
        return size == 0;
    }

    private void put(int place, Stream stream, Outlet outlet) {
        streams[place] = stream;
        outlets[place] = outlet;
        stream.place(place);
    }
}
