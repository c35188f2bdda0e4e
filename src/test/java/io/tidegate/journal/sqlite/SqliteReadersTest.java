package io.tidegate.journal.sqlite;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteReadersTest {

    @TempDir
    private Path folder;

    /**
     * A connection that is left open although no read will use it again would stay open for as long as the node runs.
     */
    @Test
    void aReadThatFailsUnexpectedlyLeavesNoConnectionOpen() throws Exception {
        Path file = Files.createFile(folder.resolve("journal.db"));
        SqliteReaders readers = new SqliteReaders(file, 10, () -> {});
        assertThrows(IllegalStateException.class, () -> readers.submit(reader -> {
                    throw new IllegalStateException("a defect");
                })
                .await(20, TimeUnit.SECONDS));
        readers.close();
        assertTrue(openFiles().stream().noneMatch(file.toString()::equals), "the database file must not be open");
    }

    private static List<String> openFiles() throws Exception {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            return descriptors
                    .map(descriptor -> {
                        try {
                            return Files.readSymbolicLink(descriptor).toString();
                        } catch (IOException closedMeanwhile) {
                            return "";
                        }
                    })
                    .toList();
        }
    }
}
