package io.tidegate.kind.deploy;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A bounded queue of the lines of one run, between the threads that read them and the event loop that commits them.
 * When the queue is full, the readers block, the pipe fills, and the program's writes block, so no line is lost.
 * Thread-safe.
 */
final class LineQueue {

    private static final int MAX_LINES = 1024;
    private static final int MAX_CHARS = 256 << 10;

    private final Clock clock;
    private final Runnable changed;
    private List<LogLine> lines = new ArrayList<>();
    private int chars;
    private long count;
    private boolean closed;

    /**
     * Creates an empty queue.
     *
     * @param changed called when the queue is no longer empty or has been closed, on the thread that caused the change
     */
    LineQueue(Clock clock, Runnable changed) {
        this.clock = clock;
        this.changed = changed;
    }

    /** Adds a line. Blocks while the queue is full. Drops the line if the queue is closed. */
    void put(LogLine.Stream stream, String text, boolean truncated) {
        Instant read = clock.instant();
        boolean first;
        synchronized (this) {
            awaitRoom();
            if (closed) {
                return;
            }
            first = lines.isEmpty();
            lines.add(new LogLine(++count, stream, text, truncated, read));
            chars += text.length();
        }
        if (first) {
            changed.run();
        }
    }

    /** Removes and returns all lines, in order. */
    synchronized List<LogLine> drain() {
        List<LogLine> drained = lines;
        lines = new ArrayList<>();
        chars = 0;
        notifyAll();
        return drained;
    }

    /** Closes the queue to new lines. Lines that are already in the queue can still be drained. */
    void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        changed.run();
    }

    /** Returns whether the queue is closed and empty. */
    synchronized boolean exhausted() {
        return closed && lines.isEmpty();
    }

    synchronized boolean full() {
        return lines.size() >= MAX_LINES || chars >= MAX_CHARS;
    }

    private synchronized void awaitRoom() {
        try {
            while (full() && !closed) {
                wait();
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("a reader must not be interrupted", e);
        }
    }
}
