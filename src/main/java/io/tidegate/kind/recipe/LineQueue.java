package io.tidegate.kind.recipe;

import io.tidegate.kind.deploy.LogLine;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The lines of one run between the threads that read them and the event loop that commits them. When it is full the
 * readers wait, the pipe behind them fills, and the program waits in its own write: nothing is lost and memory is
 * bounded.
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

    /** @param changed called on the thread that made a difference: there are lines where there were none, or it closed */
    LineQueue(Clock clock, Runnable changed) {
        this.clock = clock;
        this.changed = changed;
    }

    /** Waits for room; once the queue is closed the line is dropped. */
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

    /** What piled up, in order; makes room for as much again. */
    synchronized List<LogLine> drain() {
        List<LogLine> drained = lines;
        lines = new ArrayList<>();
        chars = 0;
        notifyAll();
        return drained;
    }

    /** Takes no more lines; those that are here can still be drained. */
    void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        changed.run();
    }

    /** Whether there is no line here and none will come. */
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
            throw new IllegalStateException("nobody interrupts a reader", e);
        }
    }
}
