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
 * A file next to the database that contains the position of the last committed event. If the database ends before this
 * position, for example because its write-ahead log was truncated or an older copy was restored, acknowledged events
 * have been lost, which the database alone cannot reveal.
 *
 * <p>The file is written with every commit but never forced to disk, so it is exact as long as the machine keeps
 * running. After a power failure, its position may be too old, which is harmless.
 */
final class HeadFile implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HeadFile.class);
    private static final int LENGTH = 128;

    private final Path file;
    private FileChannel channel;
    private boolean failing;

    /**
     * Opens the file for writing.
     *
     * @param file an existing file
     */
    HeadFile(Path file) throws IOException {
        this.file = file;
        this.channel = FileChannel.open(file, StandardOpenOption.WRITE);
    }

    /** Returns the last position that was written; empty if the file is empty or malformed. */
    Optional<Cursor> read() throws IOException {
        String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).strip();
        try {
            return text.isEmpty() ? Optional.empty() : Optional.of(Cursor.parse(text));
        } catch (ProblemException garbage) {
            return Optional.empty();
        }
    }

    void write(Cursor head) {
        try {
            if (failing) {
                // The file is reopened because it may have been replaced, or its file system remounted, since the
                // failure.
                channel.close();
                channel = FileChannel.open(file, StandardOpenOption.WRITE);
            }
            channel.write(ByteBuffer.wrap(line(head)), 0);
            failing = false;
        } catch (IOException e) {
            // A failure is no reason to refuse commits, because the commit itself is safe and the file only helps to
            // detect a rare fault.
            if (!failing) {
                failing = true;
                LOG.warn("event=journal-mark-not-written reason={}", e.getMessage());
            }
        }
    }

    /** Encodes a position at a fixed length, so that each write completely replaces the previous position. */
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
