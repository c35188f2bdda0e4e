package webterminal;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.Deque;

/** The last that a shell has said, for whoever looks at it next. Owned by one event loop. */
final class Scrollback {

    private static final int MOST_BYTES = 64 << 10;

    private final Deque<Buffer> chunks = new ArrayDeque<>();
    private int bytes;

    void add(Buffer chunk) {
        chunks.addLast(chunk);
        bytes += chunk.length();
        while (bytes > MOST_BYTES && chunks.size() > 1) {
            bytes -= chunks.removeFirst().length();
        }
    }

    Buffer all() {
        Buffer all = Buffer.buffer(bytes);
        chunks.forEach(all::appendBuffer);
        return all;
    }
}
