package webterminal;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.Deque;

/** Keeps the most recent output of a shell for the next page that is attached. Owned by one event loop. */
final class Scrollback {

    private static final int MAX_BYTES = 64 << 10;

    private final Deque<Buffer> chunks = new ArrayDeque<>();
    private int bytes;

    void add(Buffer chunk) {
        chunks.addLast(chunk);
        bytes += chunk.length();
        while (bytes > MAX_BYTES && chunks.size() > 1) {
            bytes -= chunks.removeFirst().length();
        }
    }

    Buffer all() {
        Buffer all = Buffer.buffer(bytes);
        chunks.forEach(all::appendBuffer);
        return all;
    }
}
