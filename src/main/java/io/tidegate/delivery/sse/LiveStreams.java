package io.tidegate.delivery.sse;

import io.tidegate.event.Cursor;
import java.util.Arrays;
import java.util.List;

/**
 * The live streams of a group and their outlets, in parallel arrays. Delivery iterates over the outlets and accesses a
 * stream only if its client does not keep up. Owned by one event loop.
 */
final class LiveStreams {

    /** The number of outlets that are checked together before they are written to. */
    private static final int SAMPLED_AHEAD = 16;

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

    /** Removes a stream if it is live. */
    void remove(Stream stream) {
        int index = stream.liveIndex();
        if (index < size && streams[index] == stream) {
            // The last stream fills the gap, so that removing a stream does not shift all those after it.
            size--;
            put(index, streams[size], outlets[size]);
            Arrays.fill(streams, size, size + 1, null);
            Arrays.fill(outlets, size, size + 1, null);
        }
    }

    /**
     * Writes frames to each stream whose client accepts bytes. The other streams fall behind.
     *
     * @param before the position of a stream that does not receive the frames
     * @return the number of streams that received the frames
     */
    int deliver(Frames frames, Cursor before) {
        int received = 0;
        // The loop runs backwards because a stream that falls behind is removed.
        for (int to = size; to > 0; to -= Math.min(to, SAMPLED_AHEAD)) {
            int from = Math.max(0, to - SAMPLED_AHEAD);
            received += writable(from, to);
            deliver(frames, before, from, to);
        }
        return received;
    }

    /**
     * Returns the number of streams in a range whose clients accept bytes. By the next event, the data of a stream is
     * no longer in the CPU caches. If outlets were checked between writes, each access would stall; when they are
     * checked together, the loads overlap.
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
            Stream stream = streams[i];
            try {
                if (outlets[i].writable()) {
                    outlets[i].write(frames);
                } else {
                    stream.fallBehind(before);
                }
            } catch (Throwable failure) {
                // The failure of one stream must not affect other streams.
                stream.failed(failure);
            }
        }
    }

    /** Makes all streams fall behind, so that each continues on its own after the given position. */
    void fallBehind(Cursor position) {
        for (Stream stream : all()) {
            stream.fallBehind(position);
        }
    }

    void close(CloseReason reason) {
        for (Stream stream : all()) {
            stream.close(reason);
        }
    }

    /**
     * Returns a copy of the list of streams. A copy is needed because a stream that falls behind or ends is removed.
     */
    List<Stream> all() {
        return List.of(Arrays.copyOf(streams, size));
    }

    boolean isEmpty() {
        return size == 0;
    }

    private void put(int index, Stream stream, Outlet outlet) {
        streams[index] = stream;
        outlets[index] = outlet;
        stream.liveIndex(index);
    }
}
