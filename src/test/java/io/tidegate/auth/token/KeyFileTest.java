package io.tidegate.auth.token;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.auth.jose.KeyException;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyFileTest {

    private final Path folder;

    KeyFileTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void theFirstStartMakesAKeyThatOnlyItsOwnerMayRead() throws IOException {
        Path keys = folder.resolve("data/keys");
        Path file = keys.resolve("tidegate.key");
        Buffer key = opened(file);
        assertEquals(32, key.length());
        assertEquals("rw-------", permissions(file));
        assertEquals("rwx------", permissions(folder.resolve("data")));
        assertEquals("rwx------", permissions(keys));
        assertEquals(List.of(file), filesIn(keys), "no temporary file remains");
    }

    @Test
    void laterStartsReadTheSameKey() {
        Path file = folder.resolve("tidegate.key");
        assertEquals(opened(file), opened(file));
    }

    @Test
    void noTwoKeysAreAlike() {
        assertNotEquals(opened(folder.resolve("a")), opened(folder.resolve("b")));
    }

    @Test
    void anExistingFolderKeepsItsPermissions() throws IOException {
        Path data = Files.createDirectory(
                folder.resolve("data"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        opened(data.resolve("tidegate.key"));
        assertEquals("rwxr-xr-x", permissions(data));
    }

    @Test
    void processesThatStartTogetherUseOneKey() throws Exception {
        Path file = folder.resolve("data/tidegate.key");
        ExecutorService starts = Executors.newFixedThreadPool(8);
        try {
            Set<Buffer> keys = new HashSet<>();
            Callable<Buffer> start = () -> opened(file);
            for (Future<Buffer> key : starts.invokeAll(Collections.nCopies(8, start))) {
                keys.add(key.get());
            }
            assertEquals(1, keys.size());
        } finally {
            starts.shutdownNow();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "rw-rw-rw-", "rwx--x---"})
    void aFileThatIsOpenToOthersIsRefusedByName(String permissions) throws IOException {
        Path file = folder.resolve("tidegate.key");
        opened(file);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
        String message = refusalOf(file);
        assertTrue(message.contains(permissions) && message.contains("open to others"), message);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 31, 4097})
    void aFileOfAnotherLengthIsNoKey(int length) throws IOException {
        Path file = write(length);
        assertTrue(refusalOf(file).contains("32 to 4096"));
    }

    @ParameterizedTest
    @ValueSource(ints = {32, 64, 4096})
    void aKeyOfOnesOwnIsTakenWhole(int length) throws IOException {
        assertEquals(length, opened(write(length)).length());
    }

    @Test
    void aFolderInItsPlaceIsRefused() throws IOException {
        Path file = Files.createDirectory(
                folder.resolve("tidegate.key"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        refusalOf(file);
    }

    @Test
    void aFolderThatCannotBeMadeIsRefused() throws IOException {
        Path blocked = Files.writeString(folder.resolve("data"), "not a folder");
        refusalOf(blocked.resolve("tidegate.key"));
    }

    private Path write(int length) throws IOException {
        Path file = Files.createFile(
                folder.resolve("tidegate.key"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        byte[] content = new byte[length];
        Arrays.fill(content, (byte) 'k');
        return Files.write(file, content);
    }

    private static String refusalOf(Path file) {
        String message = String.valueOf(
                assertThrows(KeyException.class, () -> opened(file)).getMessage());
        assertTrue(message.contains(file.toString()), message);
        assertFalse(message.contains("kkk"), message);
        return message;
    }

    private static Buffer opened(Path file) {
        return Buffer.buffer(KeyFile.open(file));
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    private static List<Path> filesIn(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }
}
