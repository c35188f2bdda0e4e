package io.tidegate.journal.sqlite;

import io.tidegate.event.Cursor;
import io.tidegate.problem.ProblemException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The position of the last committed event, in a file beside the database. A database that ends before it, because its
 * log was cut off or an older copy was put in its place, has lost events that were acknowledged, and nothing inside it
 * can say so.
 *
 * <p>Written with every commit and never forced: it is right whenever the machine kept running. After a power cut it may
 * be behind, which says nothing wrong.
 */
public final class HeadFile implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HeadFile.class);
    private static final int LENGTH = 128;

    private final Path file;
    private final FileChannel channel;
    private boolean failing;

    /** @param file exists */
    public HeadFile(Path file) throws IOException {
        this.file = file;
        this.channel = FileChannel.open(file, StandardOpenOption.WRITE);
    }

    /** What was written last; empty when that is not to be had. */
    public Optional<Cursor> read() throws IOException {
        String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).strip();
        try {
            return text.isEmpty() ? Optional.empty() : Optional.of(Cursor.parse(text));
        } catch (ProblemException garbage) {
            return Optional.empty();
        }
    }

    public void write(Cursor head) {
        try {
            channel.write(ByteBuffer.wrap(line(head)), 0);
            failing = false;
        } catch (IOException e) {
            // What it guards against is rare and what was committed is safe: no reason to refuse anything.
            if (!failing) {
                failing = true;
                LOG.warn("event=journal-mark-not-written reason={}", e.getMessage());
            }
        }
    }

    /** Always of the same length, so that nothing of a longer one is left behind it. */
    private static byte[] line(Cursor head) {
        byte[] text = head.toString().getBytes(StandardCharsets.ISO_8859_1);
        byte[] line = Arrays.copyOf(text, LENGTH);
        Arrays.fill(line, text.length, LENGTH - 1, (byte) ' ');
        line[LENGTH - 1] = '\n';
        return line;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
