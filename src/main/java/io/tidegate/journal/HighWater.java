package io.tidegate.journal;

import io.tidegate.event.Cursor;
import io.tidegate.problem.ProblemException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How far the history had come, kept outside of the database. When the database that is opened has not come as far, it
 * has lost its end, to a torn log, a restored copy or a disk that lies, and its offsets will be given again. Written
 * after each commit and never forced to the disk: what a power cut takes from here can only hide such a loss, never
 * invent one. Owned by the writer thread.
 */
final class HighWater implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HighWater.class);
    private static final int LENGTH = 64;

    private final Path file;
    private final FileChannel channel;

    private HighWater(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /** Opens the mark of a data folder, or makes one. */
    static HighWater open(Path file) throws IOException {
        DataFolder.create(file);
        return new HighWater(file, FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE));
    }

    /** Where the history was known to be; nothing when that cannot be read. */
    Optional<Cursor> read() {
        ByteBuffer bytes = ByteBuffer.allocate(LENGTH);
        try {
            channel.read(bytes, 0);
            return Optional.of(
                    Cursor.parse(new String(bytes.array(), 0, bytes.position(), StandardCharsets.US_ASCII).strip()));
        } catch (IOException | ProblemException unreadable) {
            return Optional.empty();
        }
    }

    void write(Cursor head) {
        byte[] text = String.format("%-" + (LENGTH - 1) + "s%n", head).getBytes(StandardCharsets.US_ASCII);
        try {
            channel.write(ByteBuffer.wrap(text), 0);
        } catch (IOException e) {
            LOG.warn("event=high-water-not-written file={} reason={}", file, e.getMessage());
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
